/// Distinct keys in an order, with O(1) append, removal of any and access to the first.
///
/// A doubly linked list in flat arrays beside a dictionary from key to place. Place 0 is the head
/// of the circle.
struct KeyList<Key: Hashable & Sendable>: Sendable {
    private struct Node: Sendable {
        var key: Key?
        var previous: Int32
        var next: Int32
    }

    private var nodes = [Node(key: nil, previous: 0, next: 0)]
    private var places: [Key: Int32] = [:]
    private var free: [Int32] = []

    var count: Int { places.count }

    /// The key that has been there the longest.
    var first: Key? { nodes[Int(nodes[0].next)].key }

    func contains(_ key: Key) -> Bool { places[key] != nil }

    /// Puts a new key at the end.
    mutating func append(_ key: Key) {
        let last = nodes[0].previous
        let node = Node(key: key, previous: last, next: 0)
        let place: Int32
        if let old = free.popLast() {
            place = old
            nodes[Int(place)] = node
        } else {
            place = Int32(nodes.count)
            nodes.append(node)
        }
        nodes[Int(last)].next = place
        nodes[0].previous = place
        let old = places.updateValue(place, forKey: key)
        precondition(old == nil, "a key is in the list twice")
    }

    /// Takes a key out; false if it is not there.
    @discardableResult
    mutating func remove(_ key: Key) -> Bool {
        guard let place = places.removeValue(forKey: key) else { return false }
        let node = nodes[Int(place)]
        nodes[Int(node.previous)].next = node.next
        nodes[Int(node.next)].previous = node.previous
        nodes[Int(place)].key = nil
        free.append(place)
        return true
    }

    /// Takes the first key out.
    @discardableResult
    mutating func removeFirst() -> Key? {
        guard let key = first else { return nil }
        remove(key)
        return key
    }

    /// Moves a key to the end; false if it is not there.
    @discardableResult
    mutating func moveToEnd(_ key: Key) -> Bool {
        guard remove(key) else { return false }
        append(key)
        return true
    }

    /// Walks the keys from the first to the last.
    struct Walk: Sequence, IteratorProtocol {
        fileprivate let list: KeyList
        fileprivate var place: Int32

        mutating func next() -> Key? {
            guard place != 0 else { return nil }
            defer { place = list.nodes[Int(place)].next }
            return list.nodes[Int(place)].key
        }
    }

    /// The keys in order.
    var keys: Walk { Walk(list: self, place: nodes[0].next) }
}
