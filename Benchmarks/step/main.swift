import CountAllocations
import KVCache
import ModelFiles
import QuireEngine
import QuireIdentifiers
import QuireModels
import Scheduling
import Tokenization

// Where each microsecond of a step goes, and what it allocates.
//
//     step MODEL [sequences [context [steps [temperature]]]]
//     step MODEL prefill [tokens [steps]]

/// Tokens that are not all alike, the same in every run.
func prompt(_ count: Int, of request: Int, vocabulary: Int) -> [TokenID] {
    var state = UInt64(request) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return TokenID(UInt32(state >> 33) % UInt32(vocabulary))
    }
}

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func rounded(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let number = (value * scale).rounded() / scale
    return places == 0 ? String(Int(number)) : String(number)
}

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("usage: step MODEL [sequences [context [steps [temperature]]]]")
    print("       step MODEL prefill [tokens [steps]]")
    throw CancellationError()
}
func number(_ index: Int, _ otherwise: Int) -> Int {
    arguments.count > index ? Int(arguments[index]) ?? otherwise : otherwise
}
// Prompts of one step each, one after another, instead of answers that go on.
let isPrefill = arguments.count > 2 && arguments[2] == "prefill"
let sequences = isPrefill ? 1 : number(2, 1)
let context = number(3, isPrefill ? 512 : 128)
let steps = number(4, isPrefill ? 16 : 64)
let temperature = arguments.count > 5 ? Double(arguments[5]) ?? 0 : 0
let warmUp = isPrefill ? 2 : 8
let maxStepTokens = max(512, isPrefill ? context : 0)

let file = try GGUFFile.open(arguments[1])
let tokenizer = try Tokenizer(gguf: file)
let model = try CPUModel(file)
let length = context + steps + warmUp + sequences + 8
let layout = try KVPlanner(
    geometry: model.configuration.kvGeometry, blockSize: 16, maxModelLength: length,
    maxChunk: maxStepTokens
).plan(sequences: sequences)
let executor = try CPUExecutor(
    model: model, layout: layout, maxStepTokens: maxStepTokens, maxStepOutputs: sequences)
let llm = try LLM(
    executor: executor, tokenizer: tokenizer, layout: layout,
    configuration: SchedulerConfiguration(
        maxStepTokens: maxStepTokens, maxStepOutputs: sequences, maxChunk: maxStepTokens,
        maxRunning: sequences))
let profile = StepProfile()
executor.profile = profile
llm.profile = profile

var parameters = SamplingParameters(
    temperature: temperature, maxTokens: isPrefill ? 1 : steps + warmUp + sequences, ignoreEOS: true
)
parameters.seed = 1
if temperature > 0 { parameters.topP = 0.95 }
var before: Int64 = 0
var allocations: [Int64] = []
allocations.reserveCapacity(steps)
var checksum: UInt64 = 0

// Twice: the first time every page of the cache is new, and the system has to clear it.
for round in 0..<2 {
    var given = 0
    var done = 0
    llm.feed(
        inFlight: sequences,
        next: { () throws(Never) -> GenerationRequest? in
            guard given < (isPrefill ? warmUp + steps + 2 : sequences) else { return nil }
            given += 1
            let tokens = prompt(
                context, of: round << 16 + given,
                vocabulary: model.configuration.vocabularySize)
            return GenerationRequest(prompt: tokens, parameters: parameters)
        },
        isCancelled: { round == 1 && done > warmUp + steps },
        onStep: { tokens in
            guard tokens == sequences, round == 1 else { return }
            done += 1
            let now = count_allocations()
            if done == warmUp {
                profile.reset()
            } else if done > warmUp {
                allocations.append(now - before)
            }
            before = now
        },
        onAnswer: { (request, result) throws(Never) in
            guard round == 0, case .success(let answers) = result else { return }
            for token in answers.flatMap(\.tokens) {
                checksum &+=
                    (UInt64(request) << 32 | UInt64(token.rawValue)) &* 0x9E37_79B9_7F4A_7C15
                checksum ^= checksum >> 29
            }
        })
}

let measured = Double(max(1, profile.steps))
let threads = executor.threads
let what = isPrefill ? "prefill of \(context)" : "\(sequences) sequences, context \(context)"
print("\(what), \(profile.steps) steps, \(threads) threads")
print(padded("part", 20), padded("us a step", 10), padded("share %", 8))
for part in StepProfile.Part.allCases {
    let time = profile.microseconds(part)
    guard time > 0 else { continue }
    print(
        padded("\(part)", 20), padded(rounded(time / measured, 1), 10),
        padded(rounded(100 * time / profile.total, 1), 8))
}
print(padded("all", 20), padded(rounded(profile.total / measured, 1), 10))
let perSecond = 1e6 * Double(isPrefill ? context : sequences) * measured / profile.total
print("tokens a second: \(rounded(perSecond, 1)); checksum of tokens \(checksum)")
let sorted = allocations.sorted()
if let most = sorted.last {
    print("allocations a step: median \(sorted[sorted.count / 2]), most \(most)")
}
