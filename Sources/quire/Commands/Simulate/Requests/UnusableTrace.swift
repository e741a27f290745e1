import Simulation

/// Requests that cannot be simulated: whose they are, and what is wrong with them.
struct UnusableTrace: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "\(Terminal.plain(name)): \(Terminal.plain(reason))" }

    /// Puts a name before what is said of a trace.
    static func naming<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
        do {
            return try make()
        } catch let error as TraceError {
            throw UnusableTrace(name: name, reason: "\(error)")
        } catch let error as ServiceError {
            throw UnusableTrace(name: name, reason: "\(error)")
        } catch let error as CacheReplayError {
            throw UnusableTrace(name: name, reason: "\(error)")
        }
    }
}
