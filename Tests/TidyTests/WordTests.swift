import Testing

/// Words that the sources may not hold, and where `unsafe` may stand.
struct WordTests {
    @Test(arguments: Repository.swiftSources.filter { Repository.module(of: $0) != "quire" })
    func `a library neither ends the process nor prints`(path: String) throws {
        for (index, line) in CodeText(try Repository.text(path)).lines.enumerated() {
            for word in ["fatalError", "print", "debugPrint", "abort"] {
                #expect(
                    !line.contains("\(word)(") || !CodeText.contains(word: word, in: line),
                    "\(path):\(index + 1) calls \(word)")
            }
            #expect(!line.contains("try!"), "\(path):\(index + 1) forces a try")
        }
    }

    @Test(arguments: Repository.swiftSources + Repository.c)
    func `nothing is left for later`(path: String) throws {
        // Spelt apart, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        for (index, line) in try Repository.lines(path).enumerated() {
            for mark in marks {
                #expect(
                    !CodeText.contains(word: mark, in: String(line)),
                    "\(path):\(index + 1) holds \(mark)")
            }
        }
    }

    @Test func `unsafe code stands only where it is allowed and never grows unseen`() throws {
        var counts: [String: Int] = [:]
        for path in Repository.swiftSources {
            for line in CodeText(try Repository.text(path)).lines
            where CodeText.contains(word: "unsafe", in: line) {
                counts[Repository.module(of: path), default: 0] += 1
            }
        }
        for (module, count) in counts {
            let budget = UnsafeBudget.lines[module] ?? 0
            #expect(count <= budget, "\(module) has \(count) unsafe lines, its budget is \(budget)")
        }
        for (module, budget) in UnsafeBudget.lines {
            let count = counts[module] ?? 0
            #expect(
                count >= budget, "\(module) is down to \(count) unsafe lines: lower its budget")
        }
    }

    @Test(
        arguments: Repository.files(
            in: "", extensions: ["swift", "c", "h", "md", "sh", "py", "json", "yml"]))
    func `no path of somebody's machine is written down`(path: String) throws {
        let marks = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Use" + "rs/"]
        for (index, line) in try Repository.lines(path).enumerated() {
            for mark in marks {
                #expect(!line.contains(mark), "\(path):\(index + 1) holds \(mark)")
            }
        }
    }
}
