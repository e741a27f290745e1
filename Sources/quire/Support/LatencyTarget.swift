import ArgumentParser

/// The longest time between two tokens of an answer, on the command line: 100ms, 0.1s, none. A
/// number alone is refused, as programs differ in what they take it for.
struct LatencyTarget: ExpressibleByArgument, Hashable {
    /// nil: prompts get whole steps.
    let duration: Duration?

    /// What answers keep beside other people's prompts unless something else is asked for: about
    /// seven tokens a second, faster than people read. Slower machines would gain nothing from a
    /// shorter time but prompts that take longer.
    static let served = Duration.milliseconds(150)

    init?(argument: String) {
        if argument == "none" {
            duration = nil
            return
        }
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value > 0, value <= Self.mostSeconds else { return nil }
        switch argument.dropFirst(number.count) {
        case "ms": duration = .milliseconds(value)
        case "s": duration = .seconds(value)
        default: return nil
        }
    }

    /// A day.
    private static let mostSeconds = 86_400.0
}
