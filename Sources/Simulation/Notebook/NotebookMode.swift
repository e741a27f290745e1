/// How the notebook's functions behave.
///
/// The notebook (a lesson on paged attention) compares a cache that reserves the longest sequence
/// with one of pages. Its counts are of elements of one vector a token: for bytes of a real cache
/// multiply by 2 (keys and values), the layers and the bytes of an element.
package enum NotebookMode: String, CaseIterable, Hashable, Sendable {
    /// As the notebook has them, with their defects:
    ///
    /// - memory is counted when it is taken and never when it is given back, so that `used` and
    ///   `wasted` are sums over the whole run and may exceed the capacity;
    /// - allocating an id that exists forgets its pages: nothing can free them any more;
    /// - sequences do not grow;
    /// - a sequence for which there are no pages is dropped without a word;
    /// - the two caches see different random numbers: one asks whether a sequence ends once a
    ///   second one has come, the other once any is there.
    case legacy

    /// With the defects mended:
    ///
    /// - `used`, `wasted` and the efficiency are of what is held at the moment of asking;
    /// - allocating an id that exists is refused; sequences can grow;
    /// - refused sequences are counted (`failed_sequences`);
    /// - both caches see the same sequences, which end at the same times.
    case corrected
}
