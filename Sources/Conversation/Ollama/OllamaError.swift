package import QuireJSON

/// An error in Ollama's interface, as the body of an answer or a line of a stream.
package enum OllamaError {
    /// Writes it: `{"error": "..."}`.
    package static func write(_ error: RequestError, to out: inout JSONWriter) {
        out.beginObject()
        out.key("error")
        out.string(error.message)
        out.endObject()
    }
}
