import Scheduling

extension ServiceSetup {
    /// Requests a second that the machines complete when every place is taken all the time: what
    /// comes faster waits longer and longer, however short a trace makes the wait that is seen.
    ///
    /// - Complexity: a simulation of the trace, repeated where it is short beside the places.
    func capacity(_ trace: Trace) throws -> Double {
        var full = self
        // Machines share nothing: one of them tells of all.
        full.replicas = 1
        let places = scheduling.maxRunning
        full.load = .closed(clients: places)
        full.patience = nil
        full.checks = .none
        // The last answers leave places empty; of four rounds that is little.
        let long = trace.repeated(upTo: max(trace.requests.count, 4 * places))
        var simulation = try ServiceSimulation(long, full)
        return ServiceSummary(simulation.run(), full).requestRate * Double(replicas)
    }
}
