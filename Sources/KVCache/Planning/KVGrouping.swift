/// How the layers of a model share pages of equal size.
///
/// A page is cut into parts as large as the largest layer. A part holds one layer of that size, or
/// as many smaller ones of the same span as it has room for; what is left over is padding.
struct KVGrouping: Hashable, Sendable {
    /// The groups, in the order in which their first layers come in the model.
    let groups: [KVGroup]

    /// Where each layer is kept, by layer.
    let locations: [CacheLayout.Location]

    /// Parts of a page.
    let partsPerPage: Int

    /// Bytes of a part that belong to one token.
    let partBytesPerToken: Int

    /// Splits a model's layers into groups of one span each, with room for equally many parts.
    ///
    /// The room is the smallest count of parts that any span has, so that the rarest kind (the
    /// global layers of Gemma 3) fills one group exactly: 3 global and 15 local layers make 6
    /// groups of 3. What does not divide leaves room unused in the last group of its span (4 and 22
    /// layers: 1 + 6 groups of 4, of which one is half empty). When the spans have nearly equally
    /// many parts (within a quarter), one group each wastes less than it saves in tables.
    ///
    /// - Complexity: O(layers x spans).
    init(_ geometry: KVGeometry, _ dtype: KVDType) {
        let sizes = geometry.layers.map { $0.bytesPerToken(dtype) }
        let partBytes = sizes.max() ?? 0
        var bySpan: [(span: AttentionSpan, parts: [Part])] = []
        for (layer, kept) in geometry.layers.enumerated() {
            let place = bySpan.firstIndex { $0.span == kept.span } ?? bySpan.count
            if place == bySpan.count { bySpan.append((kept.span, [])) }
            let used = bySpan[place].parts.last?.bytes ?? partBytes
            if used + sizes[layer] > partBytes { bySpan[place].parts.append(Part()) }
            bySpan[place].parts[bySpan[place].parts.count - 1].append(layer, bytes: sizes[layer])
        }
        let fewest = bySpan.map(\.parts.count).min() ?? 0
        let most = bySpan.map(\.parts.count).max() ?? 0
        let room = most * 4 <= fewest * 5 ? most : fewest
        var groups: [(span: AttentionSpan, parts: ArraySlice<Part>)] = []
        for (span, parts) in bySpan {
            for start in stride(from: 0, to: parts.count, by: max(room, 1)) {
                groups.append((span, parts[start..<min(start + room, parts.count)]))
            }
        }
        groups.sort { $0.parts.firstLayer < $1.parts.firstLayer }
        var locations = sizes.map { _ in CacheLayout.Location(group: 0, part: 0, bytesBefore: 0) }
        for (index, group) in groups.enumerated() {
            for (part, content) in zip(0..., group.parts) {
                var bytes = 0
                for layer in content.layers {
                    locations[layer] = CacheLayout.Location(
                        group: index, part: part, bytesBefore: bytes)
                    bytes += sizes[layer]
                }
            }
        }
        self.groups = groups.map { KVGroup(span: $0.span, layers: $0.parts.flatMap(\.layers)) }
        self.locations = locations
        partsPerPage = room
        partBytesPerToken = partBytes
    }

    /// Layers that lie together, and the bytes that they keep for one token.
    fileprivate struct Part {
        var layers: [Int] = []
        var bytes = 0

        mutating func append(_ layer: Int, bytes: Int) {
            layers.append(layer)
            self.bytes += bytes
        }
    }
}

extension ArraySlice<KVGrouping.Part> {
    fileprivate var firstLayer: Int { first?.layers.first ?? 0 }
}
