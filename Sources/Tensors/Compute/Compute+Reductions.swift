internal import CKernels

extension Compute {
    /// The largest value, -infinity for an empty span; a NaN is never the largest. O(count).
    package func maximum(_ x: Span<Float>) -> Float {
        unsafe x.withUnsafeBufferPointer { x in
            guard let start = x.baseAddress else { return -Float.infinity }
            return unsafe table.c.pointee.max(start, x.count)
        }
    }

    /// The first index of the largest value, 0 if there is nothing but NaN. O(count).
    package func argmax(_ x: Span<Float>) -> Int {
        precondition(!x.isEmpty)
        return unsafe x.withUnsafeBufferPointer { x in
            unsafe table.c.pointee.argmax(x.baseAddress.unsafelyUnwrapped, x.count)
        }
    }

    /// `log(sum(exp(x)))` without overflow, -infinity for an empty span. O(count).
    ///
    /// A log-probability is a logit less this.
    package func logSumExp(_ x: Span<Float>) -> Double {
        unsafe x.withUnsafeBufferPointer { x in
            guard let start = x.baseAddress else { return -Double.infinity }
            return unsafe table.c.pointee.log_sum_exp(start, x.count)
        }
    }
}
