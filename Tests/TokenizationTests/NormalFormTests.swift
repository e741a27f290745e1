import Patterns
import QuireJSON
import Testing

@testable import Tokenization

/// The normal forms against Python's, by digests that `scripts/unicode/normalization.py` writes.
struct NormalFormTests {
    private static let forms: [(name: String, form: NormalForm)] = [
        ("NFC", .composed), ("NFD", .decomposed), ("NFKC", .compatiblyComposed),
        ("NFKD", .compatiblyDecomposed),
    ]

    @Test func `every scalar has the forms of Python's unicodedata`() throws {
        let file = try Fixtures.json("normalization")
        #expect(NormalizationTable.unicodeVersion == file["unicode"]?.string)
        #expect(NormalizationTable.unicodeVersion == GeneralCategory.unicodeVersion)
        var digests = Self.forms.map { ($0.name, $0.form, Digest()) }
        for scalar in Self.scalars {
            let text = Array(String(scalar).utf8)
            for index in digests.indices {
                digests[index].2.add(try #require(digests[index].1(text)))
            }
        }
        for (name, _, digest) in digests {
            #expect(digest.hex == file["scalars"]?[name]?.string, "\(name)")
        }
    }

    @Test func `texts of all that combines have the forms of Python's unicodedata`() throws {
        let file = try Fixtures.json("normalization")
        let lively = Self.lively
        var random = Congruential()
        var (given, composed, decomposed) = (Digest(), Digest(), Digest())
        var (compatible, compatibleParts) = (Digest(), Digest())
        for _ in 0..<50_000 {
            let length = 1 + random.below(12)
            var view = String.UnicodeScalarView()
            for _ in 0..<length { view.append(lively[random.below(lively.count)]) }
            let text = Array(String(view).utf8)
            let form = try #require(NormalForm.composed(text))
            let parts = try #require(NormalForm.decomposed(text))
            given.add(text)
            composed.add(form)
            decomposed.add(parts)
            compatible.add(try #require(NormalForm.compatiblyComposed(text)))
            compatibleParts.add(try #require(NormalForm.compatiblyDecomposed(text)))
            // Each form of a form is that of the text, and only form C passes for it.
            #expect(NormalForm.composed(form) == form && NormalForm.composed(parts) == form)
            #expect(NormalForm.decomposed(form) == parts && NormalForm.decomposed(parts) == parts)
            #expect(text == form || !Self.isComposed(text))
        }
        #expect(given.hex == file["given"]?.string)
        #expect(composed.hex == file["texts"]?["NFC"]?.string)
        #expect(decomposed.hex == file["texts"]?["NFD"]?.string)
        #expect(compatible.hex == file["texts"]?["NFKC"]?.string)
        #expect(compatibleParts.hex == file["texts"]?["NFKD"]?.string)
    }

    @Test func `text in form C is passed on without a copy`() {
        for text in ["", "plain", "é ü ñ", "Tiếng Việt", "한국어", "日本語", "हिन्दी", "😀\u{0}"] {
            let bytes = Array(text.utf8)
            #expect(Self.isComposed(bytes) && NormalForm.composed(bytes) == bytes)
        }
        for text in ["e\u{301}", "\u{1112}\u{1161}", "\u{212B}", "a\u{301}\u{323}"] {
            #expect(!Self.isComposed(Array(text.utf8)))
        }
    }

    @Test func `a million marks on one letter are put in order`() throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 1 << 19)
        let form = try #require(NormalForm.composed(Array(("q" + marks).utf8)))
        let sorted =
            "q" + String(repeating: "\u{323}", count: 1 << 19)
            + String(repeating: "\u{301}", count: 1 << 19)
        #expect(form.elementsEqual(sorted.utf8))
    }

    @Test(arguments: [[0x80], [0x65, 0xCC], [0xF7, 0xBF, 0xBF, 0xBF], [0xED, 0xA0, 0x80]])
    func `bytes that are no UTF-8 have no form and do no harm`(bytes: [UInt8]) {
        #expect(NormalForm.composed(bytes) == nil)
        _ = Self.isComposed(bytes)
        let normalizer = Normalizer(steps: [.form(.composed)])
        #expect(normalizer(bytes) == bytes)
    }

    private static func isComposed(_ text: [UInt8]) -> Bool {
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text.span, classes: classes.span)
        return NormalForm.isComposed(scanner, 0..<text.count)
    }

    private static var scalars: some Sequence<Unicode.Scalar> {
        (UInt32(0)..<0x110000).lazy.compactMap { Unicode.Scalar($0) }
    }

    /// What decomposes, composes or combines, and the letters from a to z.
    private static var lively: [Unicode.Scalar] {
        let table = NormalizationTable.shared
        var values = Set(UInt32(0x61)..<0x7B)
        values.formUnion(Hangul.leads)
        values.formUnion(Hangul.vowels)
        values.formUnion(0x11A7..<0x11C3)
        values.formUnion(stride(from: 0xAC00, to: 0xAC00 + 2000, by: 7))
        for scalar in scalars {
            if table.property(scalar.value).combiningClass != 0 { values.insert(scalar.value) }
            guard let (first, second) = table.decomposition(scalar.value) else { continue }
            values.insert(scalar.value)
            if let second, table.composite(first, second) == scalar.value {
                values.formUnion([first, second])
            }
        }
        return values.sorted().compactMap { Unicode.Scalar($0) }
    }
}

/// FNV-1a, 64 bits, over texts with a 0 after each.
private struct Digest {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: [UInt8]) {
        for byte in text + [0] { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    var hex: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The generator of the script.
private struct Congruential {
    private var state: UInt64 = 1

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
