import QuireJSON

/// What one chunk of a streamed chat completion adds to an answer: a piece of one kind.
struct ChatDelta {
    /// A piece of a call.
    struct Call {
        var index: Int
        /// The id and the name, in a call's first piece only.
        var head: (id: String, name: String)?
        var arguments: String
    }

    var reasoning: String?
    var content: String?
    var call: Call?

    /// Whether it adds nothing.
    var isEmpty: Bool { reasoning == nil && content == nil && call == nil }

    /// Writes it.
    ///
    /// - Parameters:
    ///   - beginsAnswer: whether it is the answer's first, which says who speaks.
    ///   - isFunction: whether calls are told as before there were tools.
    func write(beginsAnswer: Bool, isFunction: Bool, to out: inout JSONWriter) {
        out.beginObject()
        if beginsAnswer {
            out.key("role")
            out.string("assistant")
        }
        if let reasoning {
            out.key("reasoning_content")
            out.string(reasoning)
        }
        // Some readers look for a text in the first chunk, whatever else it brings.
        if let content = content ?? (beginsAnswer ? "" : nil) {
            out.key("content")
            out.string(content)
        }
        if let call {
            if isFunction {
                out.key("function_call")
                call.writeFunction(to: &out)
            } else {
                out.key("tool_calls")
                out.array([call]) { $1.write(to: &$0) }
            }
        }
        out.endObject()
    }
}

extension ChatDelta.Call {
    fileprivate func write(to out: inout JSONWriter) {
        out.beginObject()
        out.key("index")
        out.integer(index)
        if let head {
            out.key("id")
            out.string(head.id)
            out.key("type")
            out.string("function")
        }
        out.key("function")
        writeFunction(to: &out)
        out.endObject()
    }

    fileprivate func writeFunction(to out: inout JSONWriter) {
        out.beginObject()
        if let head {
            out.key("name")
            out.string(head.name)
        }
        out.key("arguments")
        out.string(arguments)
        out.endObject()
    }
}
