import Identifiers
import InvarianceSupport
import Models
import Testing

/// Real models: a request's tokens and log probabilities do not depend on the load, on a smaller
/// grid than the demo model's.
@Suite(.enabled(if: RealModel.isThere), .serialized)
struct InvarianceTests {
    @Test(arguments: RealModel.allCases, [16, 64])
    func `the load changes no bit of an answer`(model: RealModel, blockSize: Int) throws {
        let prompts = try model.references().prompts
        let long = try #require(prompts.first { $0.name == "long-700" }).tokens
        let code = try #require(prompts.first { $0.name == "code" }).tokens
        let rig = Rig(
            model: try CPUModel(try model.file()), tokenizer: try model.tokenizer(),
            maxModelLength: 192, sequences: 2)
        var expected: [Int: (workload: Workload, answers: [[Answer]])] = [:]
        for n in [1, 3] {
            let workload = Workload(
                text: Array(long.prefix(90)), other: Array(code.prefix(20)), tokens: 4, n: n)
            expected[n] = (workload, try rig.alone(workload))
        }
        let settings = Setting.grid(
            chunks: [7, 64, 192], blockSizes: [blockSize], batches: [1, 3, 32])
        // A step that shares no factor with the number of any one setting's values.
        for index in stride(from: blockSize % 5, to: settings.count, by: 193) {
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
