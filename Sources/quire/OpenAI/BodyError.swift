/// What is wrong with the body of a request, as the OpenAI interface says it.
struct BodyError: Error, CustomStringConvertible {
    /// The HTTP status that a server would answer with.
    let status: Int
    /// The parameter that it concerns.
    let param: String?
    /// What is wrong and what would be right.
    let message: String

    init(_ message: String, param: String? = nil, status: Int = 400) {
        self.status = status
        self.param = param
        self.message = message
    }

    /// The error's type in an answer.
    var type: String {
        switch status {
        case 404: "NotFoundError"
        case 500: "InternalServerError"
        case 501: "NotImplementedError"
        default: "BadRequestError"
        }
    }

    var description: String { message }
}
