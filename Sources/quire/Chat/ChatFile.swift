import ChatTemplates
import Conversation
import Foundation
import QuireJSON
import Tensors

/// A conversation in a file: a JSON object with `messages` in the shape of OpenAI's chat
/// completions; read also as a list of them, or as one message a line.
enum ChatFile {
    /// The text of a file.
    static func text(_ messages: [ChatMessage]) -> String {
        let lines = messages.map { message in
            var out = JSONWriter()
            out.value(value(message))
            return out.text
        }
        return "{\"messages\":[\n" + lines.joined(separator: ",\n") + "\n]}\n"
    }

    private static func value(_ message: ChatMessage) -> JSONValue {
        var members = [JSONValue.Member("role", .string(message.role.rawValue))]
        if let name = message.name { members.append(.init("name", .string(name))) }
        members.append(.init("content", .string(message.text)))
        if let thought = message.reasoning {
            members.append(.init("reasoning_content", .string(thought)))
        }
        if !message.calls.isEmpty {
            let calls = message.calls.map { call -> JSONValue in
                [
                    "id": .string(call.id), "type": "function",
                    "function": [
                        "name": .string(call.name), "arguments": .string(call.arguments),
                    ],
                ]
            }
            members.append(.init("tool_calls", .array(calls)))
        }
        if let id = message.callID { members.append(.init("tool_call_id", .string(id))) }
        return .object(members)
    }

    /// The messages of a file.
    ///
    /// - Throws: what is wrong with it; `ChatRefusal` where it is no conversation.
    static func messages(in bytes: [UInt8], path: String) throws -> [ChatMessage] {
        let list = try list(bytes, path)
        var reader = MessageReader()
        do {
            let messages = try reader.messages(list, at: "messages")
            guard !messages.isEmpty else { throw ChatRefusal("it has no messages") }
            return messages
        } catch {
            throw ChatRefusal("\(path) holds no conversation: \(error)")
        }
    }

    private static func list(_ bytes: [UInt8], _ path: String) throws -> [JSONValue] {
        let whole: JSONValue
        do throws(JSONError) {
            whole = try JSONValue(parsing: bytes, path: path)
        } catch {
            // One message a line, if that is what it begins with.
            guard let lines = try lines(bytes, path) else { throw error }
            return lines
        }
        if let list = whole.array { return list }
        if let list = whole["messages"]?.array { return list }
        guard whole["role"] != nil else {
            throw ChatRefusal("\(path) holds no conversation: it has no list of `messages`")
        }
        return [whole]
    }

    private static func lines(_ bytes: [UInt8], _ path: String) throws -> [JSONValue]? {
        var list: [JSONValue] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let name = "\(path), line \(index + 1)"
            do throws(JSONError) {
                list.append(try JSONValue(parsing: Array(line), path: name))
            } catch {
                if list.isEmpty { return nil }
                throw error
            }
            guard list.count > 1 || list[0].members != nil else { return nil }
        }
        return list
    }

    /// Reads a file.
    static func read(_ path: String) throws -> [ChatMessage] {
        let bytes = try AttachedFiles.bytes(of: path, atMost: ChatLimits.conversationBytes)
        return try messages(in: bytes, path: path)
    }

    /// Writes a file that only its user can read, whole or not at all, and only over another
    /// conversation.
    static func write(_ messages: [ChatMessage], to path: String) throws {
        let isThere = FileManager.default.fileExists(atPath: path)
        let isEmpty = (try? AttachedFiles.bytes(of: path, atMost: 0)) != nil
        guard !isThere || isEmpty || (try? read(path)) != nil else {
            throw ChatRefusal("\(path) is there and holds no conversation: give another name")
        }
        let file = try LockedFile(path: path + ".saving")
        defer { file.remove() }
        try file.truncate(to: 0)
        try file.write(Array(text(messages).utf8), at: 0)
        try file.replaceFile(at: path)
    }
}
