import QuireEngine
import QuireIdentifiers

/// Proposes what a greedy answer would say, and after some tokens something else.
struct ChaosDrafter: TokenDrafter {
    let model: ChaosModel
    let most: Int

    mutating func draft(after tokens: [TokenID], atMost count: Int) -> [TokenID] {
        var chain = model.chain(tokens)
        // Drawn from the history, so that it is the same in every run.
        let draw = ChaosDice.mix(chain)
        let length = min(count, Int(draw % UInt64(most + 1)))
        let right = Int(draw >> 32 % UInt64(most + 1))
        return (0..<length).map { place in
            var token = model.likeliest(chain)
            if place >= right {
                token = TokenID((token.rawValue + 1) % UInt32(ChaosModel.vocabularySize))
            }
            chain = model.extend(chain, token)
            return token
        }
    }
}
