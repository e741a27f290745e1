// Stores and loads of the host tier. They are transfers of the step being planned, and both are
// complete when that step is.
extension TierManager {
    /// Counts a look-up of blocks, for the filter that keeps out what is not asked for again.
    mutating func noteLookup(_ keys: PrefixKeys) {
        for key in keys.keys { filter.note(key) }
    }

    /// Whether content was asked for often enough to be stored.
    func allows(_ key: BlockKey) -> Bool { filter.allows(key) }

    /// Counts a block that was given up and not stored.
    mutating func noteSkipped() { statistics.skipped += 1 }

    /// Stores pages in the host tier, except those that it has; false, and nothing has changed, if
    /// it has no room for all.
    mutating func store(
        _ pages: [(key: TierKey, block: BlockID)], _ transfers: inout StepTransfers,
        _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) -> Bool {
        guard let store = host.prepareStore(pages.map(\.key)) else { return false }
        forget(store.evicted, &index, &events)
        var stored = 0
        for page in pages where stored < store.keys.count && page.key == store.keys[stored] {
            index.hold(page.key)
            let ticket = moves.issue(.store(page.key))
            transfers.add(.store(page.block, slot: store.slots[stored]), ticket)
            stored += 1
        }
        return true
    }

    /// Lets go of what the host tier has forgotten.
    mutating func forget(
        _ keys: [TierKey], _ index: inout PrefixIndex, _ events: inout KVEventLog
    ) {
        guard !keys.isEmpty else { return }
        // A match that counted on them is out of date.
        index.removals &+= 1
        statistics.evicted += keys.count
        for key in keys where !key.isPrivate {
            events.appendRemoved(key, .host, index)
            index.unhold(key)
        }
    }

    /// Keeps a block that the host tier has until the load that is about to begin.
    mutating func pin(_ key: TierKey) {
        precondition(host.lookup(key) == .hit, "a matched block is gone")
        _ = host.prepareLoad([key])
    }

    /// Loads a block that was pinned for it.
    mutating func load(_ key: TierKey, into block: BlockID, _ transfers: inout StepTransfers) {
        guard let slot = host.slot(of: key) else {
            preconditionFailure("a block to load is not in the host tier")
        }
        transfers.add(.load(slot: slot, into: block), moves.issue(.load(key)))
        statistics.loaded += 1
    }

    /// The step is done, and with it its stores and loads.
    mutating func settle(
        _ transfers: [StepTransfers.Entry], _ index: inout PrefixIndex,
        _ events: inout KVEventLog
    ) {
        guard !moves.isEmpty else { return }
        var stored: [TierKey] = []
        var loaded: [TierKey] = []
        for transfer in transfers {
            guard let ticket = transfer.ticket else { continue }
            switch redeem(ticket) {
            case .store(let key): stored.append(key)
            case .load(let key): loaded.append(key)
            }
        }
        host.completeStore(stored)
        statistics.stored += stored.count
        pinSwapped()
        endLoads(loaded)
        // The request that alone could use it is gone already, unless it was pinned for it.
        for key in stored where key.isPrivate { host.remove(key) }
        for key in stored where !key.isPrivate { events.appendStored(key, .host, index) }
        writeThrough(stored, &index, &events)
    }

    /// The step failed and its stores have not been made: what they were to save may be
    /// overwritten. Its loads will be done again, since slots keep what they have.
    mutating func abandon(_ stores: [TierTicket], _ index: inout PrefixIndex) {
        for ticket in stores {
            guard case .store(let key) = redeem(ticket) else {
                preconditionFailure("a load is given up as a store")
            }
            host.completeStore([key], success: false)
            index.unhold(key)
        }
        loseSwapped()
    }

    /// Gives up loads that are no longer wanted.
    mutating func cancelLoads(_ tickets: [TierTicket]) {
        for ticket in tickets {
            guard case .load(let key) = redeem(ticket) else {
                preconditionFailure("a store is given up as a load")
            }
            endLoads([key])
        }
    }

    /// Gives pins of loads back: they are done, or no longer wanted.
    mutating func endLoads(_ keys: [TierKey]) {
        guard !keys.isEmpty else { return }
        host.completeLoad(keys)
        // What one request alone could use has been used.
        for key in keys where key.isPrivate { host.remove(key) }
    }

    private mutating func redeem(_ ticket: TierTicket) -> StepMove {
        guard let move = moves.redeem(ticket) else {
            preconditionFailure("the end of a transfer that is not under way")
        }
        return move
    }
}
