import Testing

@testable import KVCache

struct TicketTableTests {
    @Test func `a ticket is good for one return`() {
        var table = TicketTable<String>()
        let first = table.issue("first")
        let second = table.issue("second")
        #expect(table[first] == "first" && table.count == 2)
        #expect(table.redeem(first) == "first")
        #expect(table.redeem(first) == nil && table[first] == nil)
        #expect(table.values == ["second"])
        #expect(table.redeem(second) == "second" && table.isEmpty)
    }

    @Test func `a place is given again under another ticket`() {
        var table = TicketTable<Int>()
        let old = table.issue(1)
        _ = table.redeem(old)
        let new = table.issue(2)
        #expect(new.index == old.index && new != old)
        #expect(table.redeem(old) == nil && table[new] == 2)
        #expect(table[TierTicket(index: 9, generation: 0)] == nil)
    }

    @Test func `what a ticket stands for can be changed while it is valid`() {
        var table = TicketTable<[Int]>()
        let ticket = table.issue([1])
        table.update(ticket) { $0.append(2) }
        #expect(table.redeem(ticket) == [1, 2])
        table.update(ticket) { $0.append(3) }
        #expect(table.isEmpty)
    }
}
