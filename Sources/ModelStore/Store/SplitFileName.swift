/// The name of one file of a model that is split over several: `base-00002-of-00005`.
struct SplitFileName: Hashable, Sendable {
    let base: String
    /// From 1.
    let index: Int
    let count: Int

    /// Reads the stem of a file's name (no `.gguf`); nil when it does not name a part.
    init?(stem: String) {
        let bytes = Array(stem.utf8)
        // -00001-of-00005 is 15 characters long.
        guard bytes.count > 15 else { return nil }
        let tail = bytes.suffix(15)
        let text = String(decoding: tail, as: UTF8.self)
        let index = text.dropFirst().prefix(5)
        let count = text.suffix(5)
        guard text.first == "-", text.dropFirst(6).prefix(4) == "-of-",
            index.allSatisfy(\.isASCIIDigit), count.allSatisfy(\.isASCIIDigit),
            let index = Int(index), let count = Int(count),
            1...ModelStoreLimits.splitFiles ~= count, 1...count ~= index
        else { return nil }
        self.base = String(decoding: bytes.dropLast(15), as: UTF8.self)
        self.index = index
        self.count = count
    }

    /// The stem of the file with another index.
    static func stem(base: String, index: Int, count: Int) -> String {
        func five(_ number: Int) -> String {
            String(repeating: "0", count: 5 - String(number).count) + String(number)
        }
        return "\(base)-\(five(index))-of-\(five(count))"
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
