import Foundation
import Tensors

/// What the environment asks for beside the command line.
enum Surroundings {
    /// Refuses a variable of ours with a value that cannot be honoured: a measurement under a
    /// wrong setting looks like one under the right one.
    static func check(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        if let refusal = ISALevel.refusal(of: environment["QUIRE_ISA"]) {
            throw UnusableSetting(description: refusal)
        }
    }
}

/// A variable of the environment with a value that cannot be honoured.
struct UnusableSetting: Error, CustomStringConvertible {
    let description: String
}
