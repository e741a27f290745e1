package import QuireJSON

extension RequestError {
    /// Writes the error as the body of an answer: `{"error": {...}}`.
    package func write(to out: inout JSONWriter) {
        let status = code.status
        out.beginObject()
        out.key("error")
        out.beginObject()
        out.key("message")
        out.string(message)
        out.key("type")
        out.string(status.type)
        out.key("param")
        if let param { out.string(param) } else { out.null() }
        out.key("code")
        out.integer(status.http)
        out.endObject()
        out.endObject()
    }
}
