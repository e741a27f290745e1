/// Calls and arguments in JSON.
extension AnswerParser {
    /// A call that is an object.
    mutating func readObject(_ calls: CallFormat) -> Bool {
        guard var object = call.object else { return readClose(calls) }
        var progress = JSONArgumentReader.Progress.more
        var end = position
        while end < buffer.count, progress == .more {
            progress = object.read(buffer[end])
            if progress != .broken { end += 1 }
        }
        call.object = object
        pass(to: end)
        call.name = object.name
        call.id = object.id ?? call.id
        if progress == .broken { return breakOff(object.closing) }
        // An id that stands behind the arguments comes too late for a stream: it is not waited for.
        if call.name != nil, object.hasArguments || progress == .complete {
            tellCall()
            tell(object.take())
            call.object = object
        }
        return progress == .complete ? completeObject(object, calls) : false
    }

    private mutating func completeObject(_ object: ObjectCallReader, _ calls: CallFormat) -> Bool {
        guard call.isTold else { return giveBack() }
        if !object.hasArguments { emit(.callArguments("{}")) }
        call.object = nil
        return true
    }

    /// Arguments that are an object behind the head.
    mutating func readJSONArguments(_ calls: CallFormat) -> Bool {
        if call.json == nil, call.tagged.isClosed { return readClose(calls) }
        var reader = call.json ?? JSONArgumentReader()
        while position < buffer.count {
            let progress = reader.read(buffer[position])
            guard progress != .broken else {
                // Some models leave the object out where there are no arguments.
                return breakOff(reader.closing)
            }
            position += 1
            if progress == .complete {
                emit(.callArguments(reader.take()))
                call.json = nil
                call.tagged.isClosed = true
                return true
            }
        }
        emit(.callArguments(reader.take()))
        call.json = reader
        return false
    }

    /// The call goes on otherwise than calls do: what was told is closed, the rest is text.
    mutating func breakOff(_ closing: String) -> Bool {
        guard call.isTold else { return giveBack() }
        if call.object != nil {
            call.object.map {
                var object = $0; emit(.callArguments(object.take()))
            }
        }
        emit(.callArguments(closing))
        endCall()
        return true
    }
}
