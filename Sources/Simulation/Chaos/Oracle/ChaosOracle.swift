import QuireEngine
import QuireIdentifiers
import Scheduling

/// What the answers to a request must be, whatever the engine does beside it: computed from the
/// request alone, one token after the other, without a cache or a schedule.
struct ChaosOracle {
    let model: ChaosModel
    /// Tokens of the longest sequence.
    let length: Int
    private var sampler = Sampler()

    init(model: ChaosModel, length: Int) {
        self.model = model
        self.length = length
    }

    /// What one answer came to.
    struct Answer: Hashable {
        var tokens: [TokenID] = []
        var text = ""
        var reason: FinishReason?
        var sum = 0.0
    }

    /// Tokens that an answer may have.
    func limit(of request: ChaosRequest) -> Int {
        let room = max(0, length - request.prompt.count)
        return request.maxTokens < 0 ? room : min(request.maxTokens, room)
    }

    /// What of the first `count` tokens of one answer is due, and whether the answer ends with
    /// them.
    mutating func answer(
        to request: ChaosRequest, branch: Int, atMost count: Int = .max
    ) throws -> Answer {
        let parameters = try request.make().parameters
        var answer = Answer()
        var chain = model.chain(request.prompt)
        let limit = limit(of: request)
        while answer.reason == nil, answer.tokens.count < min(limit, count) {
            let logits = (0..<ChaosModel.vocabularySize).map { model.logit(chain, $0) }
            let position = request.prompt.count + answer.tokens.count
            let token = try sampler.sample(
                logits.span, parameters, seed: UInt64(bitPattern: Int64(request.seed)),
                branch: UInt64(branch), position: position)
            answer.sum += try LogSoftmax(logits.span, position: position)(
                logits[Int(token.rawValue)])
            answer.tokens.append(token)
            chain = model.extend(chain, token)
            take(token, into: &answer, request, limit: limit)
        }
        return answer
    }

    private func take(
        _ token: TokenID, into answer: inout Answer, _ request: ChaosRequest, limit: Int
    ) {
        if isEnd(token, of: request) {
            answer.reason = .stop
            return
        }
        answer.text += ChaosModel.text(token)
        let stops = request.stopStrings.filter { answer.text.hasSuffix($0) }
        if let longest = stops.max(by: { $0.count < $1.count }) {
            answer.text.removeLast(longest.count)
            answer.reason = .stop
        } else if answer.tokens.count >= limit {
            answer.reason = .length
        }
    }

    func isEnd(_ token: TokenID, of request: ChaosRequest) -> Bool {
        request.ignoresEnd == 0 && token == ChaosModel.end || request.stopTokens.contains(token)
    }

    /// The log probabilities of the first `count` of a prompt's tokens; the first has none.
    func promptReport(of request: ChaosRequest, atMost count: Int) throws -> [TokenLogprob?]? {
        guard let report = try request.make().parameters.promptReport else { return nil }
        var chain = ChaosModel.start
        var found: [TokenLogprob?] = [nil]
        for (position, token) in request.prompt.prefix(max(0, count - 1)).enumerated() {
            chain = model.extend(chain, token)
            let logits = (0..<ChaosModel.vocabularySize).map { model.logit(chain, $0) }
            found.append(
                try report(request.prompt[position + 1], of: logits.span, position: position))
        }
        return found
    }

    /// The sum of the log probabilities of an answer's tokens.
    func sum(of tokens: [TokenID], after prompt: [TokenID]) throws -> Double {
        var chain = model.chain(prompt)
        var sum = 0.0
        for (offset, token) in tokens.enumerated() {
            let logits = (0..<ChaosModel.vocabularySize).map { model.logit(chain, $0) }
            let softmax = try LogSoftmax(logits.span, position: prompt.count + offset)
            sum += softmax(logits[Int(token.rawValue)])
            chain = model.extend(chain, token)
        }
        return sum
    }
}
