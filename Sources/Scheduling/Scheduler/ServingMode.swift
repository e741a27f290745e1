/// What a service is tuned for: a set of scheduler settings by one name.
///
/// | mode | at once | time between tokens | for |
/// | --- | --- | --- | --- |
/// | `throughput` | 128 | not bounded | tokens a second: rows share the weights' reading |
/// | `latency` | 64 | not bounded | the first token: prompts get whole steps |
/// | `balanced` | 32 | 150 ms | even answers beside other people's prompts |
///
/// All take requests in order (`fcfs`), admit by the growth to be expected (`watermark`) and
/// compute prompts in chunks of 512 tokens. None changes an answer.
public enum ServingMode: String, Hashable, Sendable, CaseIterable {
    /// As many tokens a second as the machine can make.
    case throughput
    /// The first token as soon as it can be had.
    case latency
    /// Answers that keep their pace whatever prompts arrive.
    case balanced

    /// Requests that run at once.
    public var running: Int {
        switch self {
        case .throughput: 128
        case .latency: 64
        case .balanced: 32
        }
    }

    /// The longest time that a step should take while answers are generated; nil: prompts get the
    /// whole step.
    public var interTokenTarget: Duration? {
        switch self {
        case .throughput, .latency: nil
        case .balanced: .milliseconds(150)
        }
    }
}
