package import QuireEngine
import QuireJSON

/// A line of a batch's output, its end included.
package enum BatchResult {
    /// The line of an answer.
    ///
    /// - Parameter completions: for each of the exchange's generations its answers.
    package static func line(
        _ id: BatchID, customID: String, _ exchange: any Exchange, _ completions: [[Completion]]
    ) -> [UInt8] {
        line(id, customID: customID, status: 200, failure: nil) {
            exchange.write(completions, to: &$0)
        }
    }

    /// The line of a request that cannot be answered.
    package static func line(_ id: BatchID, _ failure: BatchLine.Failure) -> [UInt8] {
        line(
            id, customID: failure.customID, status: failure.error?.code.status.http,
            failure: failure
        ) { out in failure.error?.write(to: &out) }
    }

    private static func line(
        _ id: BatchID, customID: String?, status: Int?, failure: BatchLine.Failure?,
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
        if let failure {
            out.beginObject()
            out.key("code")
            out.string(failure.code)
            out.key("message")
            out.string(failure.message)
            out.endObject()
        } else {
            out.null()
        }
        out.endObject()
        return out.bytes + [0x0A]
    }
}
