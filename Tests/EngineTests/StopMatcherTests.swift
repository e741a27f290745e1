import QuireEngine
import TestSupport
import Testing

@Suite struct `Stop strings` {
    /// Feeds a text in pieces; what comes out before the stop, and which stop.
    private func run(_ pieces: [String], _ stops: [String]) -> (text: String, stop: String?) {
        var matcher = StopMatcher(stops)
        var text = ""
        for piece in pieces {
            let result = matcher.append(piece)
            text += result.text
            if let stop = result.stop { return (text, stop) }
        }
        return (text + matcher.finish(), nil)
    }

    @Test func `a stop string is never emitted, wherever the pieces are cut`() {
        for cut in 0...9 {
            let whole = Array("one END two")
            let pieces = [String(whole[..<cut]), String(whole[cut...])]
            let (text, stop) = run(pieces, ["END"])
            #expect(text == "one ")
            #expect(stop == "END")
        }
    }

    @Test func `text that only begins like a stop string comes out in the end`() {
        let (text, stop) = run(["a", "E", "N", "X", "EN"], ["END"])
        #expect(text == "aENXEN")
        #expect(stop == nil)
    }

    /// G15; vLLM holds back as many characters as the longest stop string has, but one.
    @Test func `no more is held back than may become a stop string`() {
        var matcher = StopMatcher(["\n\nUser:"])
        #expect(matcher.append("Hello") == ("Hello", nil))
        #expect(matcher.append(" there\n") == (" there", nil))
        #expect(matcher.append("\n") == ("", nil))
        #expect(matcher.append("\nUs") == ("\n", nil))
        #expect(matcher.append("ing") == ("\n\nUsing", nil))
    }

    @Test func `without stop strings nothing is held back`() {
        var matcher = StopMatcher([])
        #expect(matcher.append("abc") == ("abc", nil))
        #expect(matcher.finish() == "")
    }

    @Test func `the one that ends first wins, and the longest of those`() {
        #expect(run(["xabcy"], ["abc", "b"]) == ("xa", "b"))
        #expect(run(["xabcy"], ["c", "abc"]) == ("x", "abc"))
        #expect(run(["xaab"], ["aab", "ab"]) == ("x", "aab"))
    }

    @Test func `characters are compared by their bytes`() {
        // The letter with an accent in one scalar and in two: equal to String, not to the model.
        #expect(run(["caf\u{65}\u{301}!"], ["caf\u{E9}"]).stop == nil)
        #expect(run(["日本", "語です"], ["語で"]) == ("日本", "語で"))
        #expect(run(["👩‍👩‍👧x"], ["x"]) == ("👩‍👩‍👧", "x"))
    }

    @Test func `any cutting of any text gives what the whole text gives`() {
        var random = SeededGenerator(seed: 31)
        for _ in 0..<3_000 {
            let letters = Array("abé")
            func word(_ lengths: ClosedRange<Int>) -> String {
                let count = Int.random(in: lengths, using: &random)
                return String((0..<count).map { _ in letters.randomElement(using: &random) ?? "a" })
            }
            let stops = (0..<Int.random(in: 1...3, using: &random)).map { _ in word(1...4) }
            let text = word(0...20)
            let whole = run([text], stops)
            let single = run(text.map(String.init), stops)
            #expect(whole == single)
            #expect(whole == reference(text, stops))
        }
    }

    @Test func `a stop string that ends where none may is text, also when it began before`() {
        var matcher = StopMatcher(["aa"])
        #expect(matcher.append("xaay", mayStop: false) == ("xaay", nil))
        #expect(matcher.append("za", mayStop: false) == ("z", nil))
        #expect(matcher.append("ab") == ("", "aa"))
        var other = StopMatcher(["aa"])
        #expect(other.append("aa", mayStop: false) == ("a", nil))
        #expect(other.append("b") == ("ab", nil))
    }

    @Test func `a stop string that is included ends the text`() {
        var matcher = StopMatcher(["END"], included: true)
        #expect(matcher.append("one E") == ("one ", nil))
        #expect(matcher.append("ND two") == ("END", "END"))
    }

    /// The definition, by trying every end.
    private func reference(_ text: String, _ stops: [String]) -> (String, String?) {
        let bytes = Array(text.utf8)
        for end in 0...bytes.count {
            let ending = stops.filter { bytes[..<end].suffix($0.utf8.count).elementsEqual($0.utf8) }
            if let stop = ending.max(by: { $0.utf8.count < $1.utf8.count }) {
                return (String(decoding: bytes[..<(end - stop.utf8.count)], as: UTF8.self), stop)
            }
        }
        return (text, nil)
    }
}
