import ArgumentParser
import Foundation
import Reporting
import Simulation
import Testing

@testable import quire

@Suite struct `The notebook on the command line` {
    private func json(
        _ function: NotebookFunction, _ words: [String], seed: UInt32 = 0,
        mode: NotebookMode = .legacy, lines: [String] = []
    ) throws -> String {
        let result = try NotebookResult(
            function, try NotebookArguments(function, words), seed: seed, mode: mode,
            lines: lines.map { ($0, try SimulatorLine($0)) })
        return try JSONText.line(result)
    }

    @Test func `a dictionary is an object with the function's own keys`() throws {
        #expect(
            try json(.traditional, ["100", "1024", "64"])
                == #"{"active_sequences":78,"efficiency":0.50236328125,"#
                + #""total_allocated":6553600,"wasted_memory":3261312}"#)
        #expect(
            try json(.paged, [], seed: 42)
                == #"{"active_sequences":65,"efficiency":0.9858117274645765,"free_pages":2388,"#
                + #""total_capacity":4718592,"total_pages":4608,"used_capacity":3396608,"#
                + #""wasted_capacity":48192}"#)
        #expect(try json(.paged, [], mode: .corrected).contains(#""failed_sequences":0"#))
    }

    @Test func `tuples and lists are arrays`() throws {
        #expect(try json(.concurrent, ["1e6", "1024", "64"]) == "[15,25]")
        #expect(try json(.concurrent, ["[1000000, 2_000_000]"]) == "[[15,25],[30,50]]")
        let comparison = try json(.compare, ["10,20"])
        #expect(comparison.hasPrefix(#"[[{"active_sequences""#))
        #expect(comparison.components(separatedBy: "total_allocated").count == 3)
        #expect(comparison.components(separatedBy: "total_pages").count == 3)
        let sizes = try json(.pageSizes, ["4,8,16", "100", "1024", "64"])
        #expect(sizes.hasPrefix(#"[{"active_sequences""#))
        #expect(sizes.components(separatedBy: "total_pages").count == 4)
    }

    @Test func `the class returns what each line returned, and its statistics`() throws {
        #expect(
            try json(
                .simulator, ["16", "4", "2"],
                lines: ["allocate a 40", "allocate b 40", "free a", "free b"])
                == #"{"active_sequences":0,"efficiency":0.8333333333333334,"free_pages":4,"#
                + #""returned":[true,false,true,false],"total_capacity":128,"total_pages":4,"#
                + #""used_capacity":96,"wasted_capacity":16}"#)
    }

    @Test func `arguments have places, names and standards`() throws {
        let given = try NotebookArguments(.paged, ["7", "hidden_dim=3", "page_size=8"])
        #expect(given.number("num_sequences") == 7)
        #expect(given.number("max_seq_length") == 1024)
        #expect(given.number("hidden_dim") == 3)
        #expect(given.number("page_size") == 8)
        let shape = NotebookShape(sequences: 7, maxLength: 1024, hiddenDim: 3)
        #expect(given.shape() == shape)
    }

    @Test(arguments: [
        (["100", "9", "64"], "max_seq_length is 9; it is from 10"),
        (["many"], "num_sequences is 'many'"), (["1.5"], "num_sequences is '1.5'"),
        (["-1"], "num_sequences is -1"), (["1,2"], "num_sequences is one number"),
        (["1", "10", "1", "1", "1"], "takes 4 arguments"), (["size=3"], "'size' is no argument"),
        (["1000000", "4194304", "1", "1"], "pages; at most"),
    ])
    func `a bad argument is named`(words: [String], part: String) {
        let error = #expect(throws: ValidationError.self) {
            try NotebookArguments(.paged, words)
        }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func `a pool whose elements cannot be counted is refused`() throws {
        _ = try NotebookArguments(.simulator, ["16", "8", "64"])
        let error = #expect(throws: ValidationError.self) {
            try NotebookArguments(.simulator, ["4194304", "1073741824", "1048576"])
        }
        #expect(error?.message.contains("ask for fewer") == true)
    }

    @Test func `every row of CSV has the fields of its head`() throws {
        for function in NotebookFunction.allCases {
            for mode in NotebookMode.allCases {
                let result = try NotebookResult(
                    function, try NotebookArguments(function, []), seed: 1, mode: mode)
                for table in result.csv.split(separator: "") {
                    let counts = Set(table.map { $0.split(separator: ",").count })
                    #expect(counts.count == 1 && table.count > 1, "\(function)")
                }
                #expect(!result.notes(mode).isEmpty)
                #expect(result.charts.isEmpty == false)
            }
        }
    }
}
