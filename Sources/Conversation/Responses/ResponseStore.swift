package import ChatTemplates

/// The answers that `previous_response_id` may name, as far as there is room for them.
///
/// A plain value, bounded in number and bytes: the oldest give way to new ones.
package struct ResponseStore: Sendable {
    /// An answer and what it answered.
    struct Entry: Sendable {
        /// The conversation with the answer, without instructions.
        let messages: [ChatMessage]
        /// The pieces of the answer, by the ids of their items.
        let items: [String: ChatAnswer.Item]
        /// Its bytes.
        let bytes: Int
    }

    /// The most that it holds.
    private let maxCount: Int
    private let maxBytes: Int

    private var entries: [String: Entry] = [:]
    private var owners: [String: String] = [:]
    /// The ids by age; those before `first` are gone.
    private var order: [String] = []
    private var first = 0

    /// The bytes of what it holds.
    package private(set) var bytes = 0

    /// An empty store.
    package init(
        maxCount: Int = ConversationLimits.maxStoredResponses,
        maxBytes: Int = ConversationLimits.maxStoredResponseBytes
    ) {
        self.maxCount = maxCount
        self.maxBytes = maxBytes
    }

    /// How many answers it holds.
    package var count: Int { entries.count }

    /// Whether it holds an answer.
    package func contains(_ id: String) -> Bool { entries[id] != nil }

    /// The conversation that an answer ended; nil: it is not here, or not any more.
    package func conversation(_ id: String) -> [ChatMessage]? { entries[id]?.messages }

    /// The piece of an answer that an item's id names.
    func item(_ id: String) -> ChatAnswer.Item? {
        owners[id].flatMap { entries[$0]?.items[id] }
    }

    /// Keeps an answer, if its request asks for that and it is not larger than the store.
    ///
    /// - Complexity: O(the conversation's messages), and O(1) for each answer that gives way.
    package mutating func add(
        _ answer: ChatAnswer, to request: ResponsesRequest, _ heading: ResponseHeading
    ) {
        guard request.stores, entries[heading.id] == nil else { return }
        let object = ResponseObject(heading, to: request)
        let items = object.items(of: answer).map { ($0.id, $0.piece) }
        let messages = request.history + answer.messages
        let bytes = messages.reduce(0) { $0 + $1.storedBytes }
        guard bytes <= maxBytes, maxCount > 0 else { return }
        entries[heading.id] = Entry(
            messages: messages, items: Dictionary(items) { $1 }, bytes: bytes)
        for (id, _) in items { owners[id] = heading.id }
        order.append(heading.id)
        self.bytes += bytes
        while self.bytes > maxBytes || entries.count > maxCount { removeOldest() }
    }

    private mutating func removeOldest() {
        let id = order[first]
        first += 1
        // The ids of the gone are thrown away when they are the half: O(1) for each.
        if first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
        guard let entry = entries.removeValue(forKey: id) else { return }
        bytes -= entry.bytes
        for item in entry.items.keys { owners[item] = nil }
    }
}

extension ChatMessage {
    /// About the bytes that it takes.
    fileprivate var storedBytes: Int {
        let texts = content.reduce(0) { $0 + $1.text.utf8.count } + (reasoning?.utf8.count ?? 0)
        return calls.reduce(texts + MemoryLayout<ChatMessage>.size) {
            $0 + $1.id.utf8.count + $1.name.utf8.count + $1.arguments.utf8.count
        }
    }
}
