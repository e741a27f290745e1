import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Routers choose and weigh as their definitions say, in double precision.
struct RoutingTests {
    private static func rules() -> [RouterRule] {
        var rules: [RouterRule] = []
        for scores in [RouterRule.Scores.softmax, .softmaxOfChosen, .sigmoid] {
            for normalises in [false, true] {
                var rule = RouterRule(experts: 12, chosen: 3, scores: scores)
                rule.normalises = normalises
                rule.scale = normalises ? 2.5 : 1
                rules.append(rule)
            }
        }
        for groupScore in [RouterRule.GroupScore.largest, .twoLargest] {
            var rule = RouterRule(experts: 12, chosen: 3, scores: .sigmoid)
            rule.groups = 4
            rule.chosenGroups = 2
            rule.groupScore = groupScore
            rule.bias = (0..<12).map { Float($0 * 7 % 5) / 4 - 0.5 }
            rules.append(rule)
        }
        var scaled = RouterRule(experts: 12, chosen: 3, scores: .softmaxOfChosen)
        scaled.expertScales = (0..<12).map { Float($0 * 5 % 12) / 4 - 1 }
        rules.append(scaled)
        rules.append(RouterRule(experts: 1, chosen: 1, scores: .softmax))
        rules.append(RouterRule(experts: 5, chosen: 5, scores: .softmax))
        return rules
    }

    private func softmax(_ x: [Double]) -> [Double] {
        let e = x.map { Foundation.exp($0 - (x.max() ?? 0)) }
        return e.map { $0 / e.reduce(0, +) }
    }

    private func reference(_ x: [Float], _ rule: RouterRule) -> [(expert: Int, weight: Double)] {
        let logits = x.map { Double($0) }
        let scores =
            switch rule.scores {
            case .softmax: softmax(logits)
            case .softmaxOfChosen: logits
            case .sigmoid: logits.map { 1 / (1 + Foundation.exp(-$0)) }
            }
        let rivals = scores.indices.map {
            scores[$0] + Double(rule.bias.isEmpty ? 0 : rule.bias[$0])
        }
        let size = rule.experts / rule.groups
        let groups = (0..<rule.groups).map { group in
            let best = rivals[group * size..<(group + 1) * size].sorted(by: >)
            return rule.groupScore == .largest || size == 1 ? best[0] : best[0] + best[1]
        }
        let open = groups.indices.sorted { groups[$0] > groups[$1] }.prefix(rule.chosenGroups)
        let chosen = rivals.indices.filter { open.contains($0 / size) }
            .sorted { rivals[$0] > rivals[$1] }.prefix(rule.chosen)
        var weights = chosen.map { scores[$0] }
        if rule.scores == .softmaxOfChosen { weights = softmax(weights) }
        let sum = rule.normalises ? weights.reduce(0, +) : 1
        return zip(chosen, weights).map { expert, weight in
            let own = rule.expertScales.isEmpty ? 1 : rule.expertScales[expert]
            return (expert, weight / sum * Double(rule.scale) * Double(own))
        }
    }

    @Test(arguments: KernelCase.all)
    func `experts are chosen and weighed by the rule`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 81)
        for rule in Self.rules() {
            let logits = try FloatMatrix.random(
                rows: 300, columns: rule.experts, using: &generator)
            let routing = try ExpertRouting(tokens: 320, chosen: rule.chosen)
            compute.route(logits, tokens: 300, by: rule, into: routing)
            #expect(routing.placeCount == 300 * rule.chosen)
            for token in 0..<300 {
                let wanted = reference(logits.array(token), rule)
                #expect(routing.experts(of: token) == wanted.map(\.expert), "\(rule)")
                for (weight, wanted) in zip(routing.weights(of: token), wanted) {
                    #expect(abs(Double(weight) - wanted.weight) < 1e-6, "\(rule)")
                }
            }
        }
    }

    @Test(arguments: KernelCase.all)
    func `the experts' rows are those of their tokens, in order`(_ kernel: KernelCase) throws {
        let compute = try kernel.compute()
        var generator = SeededGenerator(seed: 82)
        let rule = RouterRule(experts: 9, chosen: 2, scores: .softmax)
        let routing = try ExpertRouting(tokens: 40, chosen: 2)
        for tokens in [40, 1, 0, 17] {
            let logits = try FloatMatrix.random(rows: tokens, columns: 9, using: &generator)
            compute.route(logits, tokens: tokens, by: rule, into: routing)
            var place = 0
            for expert in 0..<9 {
                let own = (0..<tokens).filter { routing.experts(of: $0).contains(expert) }
                let segment = routing.segments.first { $0.expert == expert }
                #expect(segment?.rows ?? place..<place == place..<place + own.count)
                #expect(routing.origins[place..<place + own.count].map { Int($0) } == own)
                place += own.count
            }
            #expect(place == routing.origins.count)
        }
    }

    @Test(arguments: ISALevel.others)
    func `choices and weights have the bits of portable C`(_ level: ISALevel) throws {
        var generator = SeededGenerator(seed: 83)
        for rule in Self.rules() {
            let logits = try FloatMatrix.random(
                rows: 50, columns: rule.experts, in: -9...9, using: &generator)
            logits.withMutableRow(7) { $0[0] = .nan }
            let results = try [ISALevel.scalar, level].map { level in
                let routing = try ExpertRouting(tokens: 50, chosen: rule.chosen)
                try level.compute().route(logits, tokens: 50, by: rule, into: routing)
                return (0..<50).map { token in
                    routing.experts(of: token).map { UInt32($0) }
                        + bits(routing.weights(of: token))
                }
            }
            #expect(results[0] == results[1], "\(rule)")
        }
    }

    /// Of equal scores the first counts, and the same token is routed alike in any company.
    @Test func `a choice depends on nothing but the token`() throws {
        let compute = try ISALevel.active.compute()
        let rule = RouterRule(experts: 6, chosen: 3, scores: .softmax)
        let logits = try FloatMatrix(rows: 2, columns: 6)
        logits.withMutableRow(1) { for i in $0.indices { $0[i] = Float(i % 2) } }
        let routing = try ExpertRouting(tokens: 2, chosen: 3)
        compute.route(logits, tokens: 2, by: rule, into: routing)
        #expect(routing.experts(of: 0) == [0, 1, 2] && routing.experts(of: 1) == [1, 3, 5])
    }
}
