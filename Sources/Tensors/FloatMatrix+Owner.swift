extension FloatMatrix {
    /// The floats of a row, valid as long as `owner` is borrowed: an object that keeps this
    /// matrix for its whole life and lends parts of it.
    ///
    /// The compiler cannot see through an object's stored reference, so the owner has to say that
    /// it never replaces the matrix.
    @_lifetime(borrow owner)
    package func row<Owner: AnyObject>(_ row: Int, lentBy owner: borrowing Owner) -> Span<Float> {
        let span = unsafe Span(_unsafeStart: pointer(row), count: columns)
        return unsafe _overrideLifetime(span, borrowing: owner)
    }
}
