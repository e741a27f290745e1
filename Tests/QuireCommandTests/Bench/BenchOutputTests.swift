import Foundation
import Testing

@testable import quire

struct BenchOutputTests {
    private let common = BenchRow(["model": "m", "threads": 2, "seed": .none])

    private func printer(_ format: BenchFormat) -> BenchPrinter {
        BenchPrinter(
            format, common: common, columns: [("name", "NAME"), ("rate", "RATE"), ("none", "X")])
    }

    @Test func `a row of JSON has the common fields too`() throws {
        var printer = printer(.json)
        #expect(printer.begin().isEmpty)
        let row = BenchRow(["name": "a", "rate": .number(1.5), "all": .numbers([1, 2.5])])
        #expect(
            try printer.lines(row) == [
                #"{"all":[1,2.5],"model":"m","name":"a","rate":1.5,"seed":null,"threads":2}"#
            ])
    }

    @Test func `a row is read back from its JSON`() throws {
        let row = BenchRow([
            "name": "a", "rate": .number(1.5), "n": 3, "all": .numbers([1, 2.5]), "none": .none,
        ])
        let read = try #require(BenchRow(json: Substring(try JSONText.line(row))))
        #expect(read.values == row.values)
        #expect(BenchRow(json: "[1]") == nil && BenchRow(json: "no") == nil)
    }

    @Test func `CSV names its fields once and quotes what would break a line`() throws {
        var printer = printer(.csv)
        let first = BenchRow(["name": "a,\"b\"", "rate": .number(0.5), "all": .numbers([1, 2])])
        #expect(
            try printer.lines(first) == [
                "name,rate,all,model,threads,seed", "\"a,\"\"b\"\"\",0.5,1.0 2.0,m,2,",
            ])
        // Fields of a later row go where the first row's were, whatever their order.
        let second = BenchRow(["all": .none, "name": "b", "rate": 7])
        #expect(try printer.lines(second) == ["b,7,,m,2,"])
    }

    @Test func `a table shows the settings, then its columns`() throws {
        var printer = printer(.text)
        let head = printer.begin()
        #expect(head.prefix(2) == ["model m", "threads 2"])
        #expect(head.last == "NAME                RATE        X")
        let lines = try printer.lines(BenchRow(["name": "a", "rate": .number(12.345)]))
        #expect(lines == ["a                   12.3        -"])
    }

    @Test(arguments: [
        (0, "0"), (0.0512, "0.0512"), (0.123_45, "0.123"), (1.256, "1.26"), (-3.5, "-3.50"),
        (12.34, "12.3"), (1234.5, "1,235"), (99.97, "100.0"), (0.000_01, "0.0000"),
    ])
    func `a number is as long as it has to be`(number: Double, text: String) {
        #expect(BenchValue.number(number).short == text)
    }

    @Test func `what is no number is nothing`() {
        #expect(BenchValue(Double.nan) == .none && BenchValue(-Double.infinity) == .none)
        #expect(BenchValue(Double?.none).short == "-" && BenchValue(Int?.none).csv == "")
    }

    @Test func `lists of numbers are whole and have nothing between`() {
        #expect(NumberList(argument: "1,2,32")?.numbers == [1, 2, 32])
        for bad in ["", "1,", ",1", "1 2", "a", "1,,2", "1.5"] {
            #expect(NumberList(argument: bad) == nil, "\(bad)")
        }
    }
}
