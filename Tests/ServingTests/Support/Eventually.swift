/// Waits until something holds that others bring about.
///
/// - Throws: after half a minute, so that a test that waits in vain says for what.
func eventually(_ what: String, _ holds: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(30)
    while try await !holds() {
        guard clock.now < deadline else { throw NeverHeld(what: what) }
        try await Task.sleep(for: .milliseconds(1))
    }
}

struct NeverHeld: Error {
    let what: String
}
