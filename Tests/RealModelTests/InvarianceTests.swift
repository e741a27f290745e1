import InvarianceSupport
import QuireIdentifiers
import QuireModels
import Testing

/// Real models: a request's tokens and log probabilities do not depend on the load, on a smaller
/// grid than the demo model's, and a still smaller one at levels below the best.
@Suite(.enabled(if: RealModel.isThere), .serialized)
struct InvarianceTests {
    /// Settings of the grid from one that is tried to the next: it shares no factor with the number
    /// of any one setting's values.
    static let step = RealModel.isThrifty ? 307 : 193

    @Test(arguments: RealModel.allCases, RealModel.isThrifty ? [16] : [16, 64])
    func `the load changes no bit of an answer`(model: RealModel, blockSize: Int) throws {
        let prompts = try model.references().prompts
        let long = try #require(prompts.first { $0.name == "long-700" }).tokens
        let code = try #require(prompts.first { $0.name == "code" }).tokens
        let rig = Rig(
            model: try CPUModel(try model.file()), tokenizer: try model.tokenizer(),
            maxModelLength: 192, sequences: 2)
        var expected: [Int: (workload: Workload, answers: [[Answer]])] = [:]
        let length = RealModel.isThrifty ? 36 : 90
        for n in [1, 3] {
            let workload = Workload(
                text: Array(long.prefix(length)), other: Array(code.prefix(20)), tokens: 4, n: n)
            expected[n] = (workload, try rig.alone(workload))
        }
        let settings = Setting.grid(
            chunks: [7, 64, 192], blockSizes: [blockSize], batches: [1, 3, 32])
        for index in stride(from: blockSize % 5, to: settings.count, by: Self.step) {
            let setting = settings[index]
            let (workload, alone) = try #require(expected[setting.n])
            for (time, found) in try rig.answers(workload, setting).enumerated() {
                for (request, answers) in found.enumerated() where answers != alone[request] {
                    Issue.record("request \(request), time \(time): \(setting)")
                }
            }
        }
    }
}
