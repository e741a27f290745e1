import QuireJSON

/// A line of a batch's output.
enum BatchResult {
    /// The line of an answer.
    static func line(_ id: BatchID, customID: String, _ answer: CompletionAnswer) -> [UInt8] {
        line(id, customID: customID, status: 200, error: nil) { answer.write(to: &$0) }
    }

    /// The line of a request that cannot be answered.
    static func line(_ id: BatchID, _ failure: BatchRequest.Failure) -> [UInt8] {
        guard let body = failure.body else {
            return line(id, customID: failure.customID, status: nil, error: failure) { _ in }
        }
        return line(id, customID: failure.customID, status: body.status, error: failure) { out in
            out.beginObject()
            out.key("error")
            out.beginObject()
            out.key("message")
            out.string(body.message)
            out.key("type")
            out.string(body.type)
            out.key("param")
            if let param = body.param { out.string(param) } else { out.null() }
            out.key("code")
            out.integer(body.status)
            out.endObject()
            out.endObject()
        }
    }

    private static func line(
        _ id: BatchID, customID: String?, status: Int?, error: BatchRequest.Failure?,
        body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        out.key("id")
        out.string(id.text)
        out.key("custom_id")
        if let customID { out.string(customID) } else { out.null() }
        out.key("response")
        if let status {
            out.beginObject()
            out.key("status_code")
            out.integer(status)
            out.key("request_id")
            out.string("req-\(id.suffix)")
            out.key("body")
            body(&out)
            out.endObject()
        } else {
            out.null()
        }
        out.key("error")
        if let error {
            out.beginObject()
            out.key("code")
            out.string(error.code)
            out.key("message")
            out.string(error.message)
            out.endObject()
        } else {
            out.null()
        }
        out.endObject()
        return out.bytes + [0x0A]
    }
}
