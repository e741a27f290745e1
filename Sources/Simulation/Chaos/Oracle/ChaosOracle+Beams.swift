import QuireEngine
import QuireIdentifiers
import Scheduling

// A plain beam search by the definition in `BeamSearch`'s documentation: all beams at once, each
// with its whole history.

extension ChaosOracle {
    /// A beginning of an answer.
    struct Beam: Hashable {
        var tokens: [TokenID] = []
        var sum = 0.0
    }

    /// The best answers to a request that searches, best first.
    func beams(for request: ChaosRequest) throws -> [Beam] {
        let limit = max(1, limit(of: request))
        var beams = [Beam()]
        var answers: [(beam: Beam, score: Double)] = []
        for length in 1...limit {
            let round = try expand(beams, request)
            beams = round.next
            answers += round.ended.map { ($0, score($0, request)) }
            if length == limit { answers += beams.map { ($0, score($0, request)) } }
            // Equals stay in the order in which they were found.
            let order = answers.indices.sorted {
                answers[$0].score != answers[$1].score
                    ? answers[$0].score > answers[$1].score : $0 < $1
            }
            answers = order.prefix(request.beams).map { answers[$0] }
            guard let best = beams.first else { break }
            guard answers.count == request.beams, let worst = answers.last else { continue }
            if request.early != 0 { break }
            let far = request.penalty > 0 ? limit : length
            if score(best.sum, tokens: far, request) <= worst.score { break }
        }
        return answers.prefix(request.n).map(\.beam)
    }

    private func expand(
        _ beams: [Beam], _ request: ChaosRequest
    ) throws -> (next: [Beam], ended: [Beam]) {
        var all: [(beam: Int, token: TokenID, sum: Double)] = []
        for (number, beam) in beams.enumerated() {
            let chain = model.chain(request.prompt + beam.tokens)
            let logits = (0..<ChaosModel.vocabularySize).map { model.logit(chain, $0) }
            let softmax = try LogSoftmax(logits.span, position: 0)
            let order = logits.indices.sorted {
                logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1
            }
            for token in order.prefix(2 * request.beams) {
                all.append(
                    (number, TokenID(UInt32(token)), beam.sum + softmax(logits[token])))
            }
        }
        all.sort { one, other in
            one.sum != other.sum
                ? one.sum > other.sum : (one.beam, one.token) < (other.beam, other.token)
        }
        var next: [Beam] = []
        var ended: [Beam] = []
        for (rank, one) in all.enumerated() where next.count < request.beams {
            let child = Beam(tokens: beams[one.beam].tokens + [one.token], sum: one.sum)
            if !isEnd(one.token, of: request) {
                next.append(child)
            } else if rank < request.beams {
                ended.append(child)
            }
        }
        return (next, ended)
    }

    private func score(_ beam: Beam, _ request: ChaosRequest) -> Double {
        score(beam.sum, tokens: beam.tokens.count, request)
    }

    private func score(_ sum: Double, tokens: Int, _ request: ChaosRequest) -> Double {
        let search = BeamSearch(
            width: request.beams, lengthPenalty: Double(request.penalty) / 100)
        return search.score(sum, tokens: tokens)
    }
}
