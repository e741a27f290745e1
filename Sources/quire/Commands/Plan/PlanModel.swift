import ModelStore
import Planning

/// The model that a plan is for: one that is here, one of the catalogue, or one by its numbers.
enum PlanModel {
    /// The plan that a command asks for.
    static func report(of command: PlanModelCommand) throws -> PlanReport {
        guard let name = command.model else { return try byNumbers(command) }
        if let here = try PlanModelHere.find(name) { return try here.report(command) }
        guard let entry = ModelCatalogue.entry(named: name) else { throw unknown(name) }
        let format = command.serving.weightFormat ?? .f16
        let shape = entry.shape
        let request = PlanRequest(
            shape: shape, source: entry.source,
            weights: WeightCost(parameters: shape.parameters, format: format),
            context: command.serving.context ?? shape.contextLength)
        return try report(request, command)
    }

    /// Plans a request with what else a command says.
    static func report(_ request: PlanRequest, _ command: PlanModelCommand) throws -> PlanReport {
        var request = request
        try command.serving.apply(to: &request)
        guard let machine = command.machine.machine else {
            let needing =
                command.machine.needingMachine
                + (command.serving.pricePerHour == nil ? [] : ["--price-per-hour"])
            guard needing.isEmpty else {
                throw PlanningError(
                    "\(needing.joined(separator: ", ")) \(needing.count == 1 ? "needs" : "need") "
                        + "a machine: give --device, or --memory.")
            }
            return PlanReport(try ServingPlan(request), command: command)
        }
        request.device = machine
        request.devices = command.machine.devices ?? 1
        request.reserveBytes = command.machine.reserve?.bytes ?? 0
        return PlanReport(try ServingPlan(request), command: command)
    }

    private static func byNumbers(_ command: PlanModelCommand) throws -> PlanReport {
        let (shape, parameters, isComplete) = try command.numbers.shape()
        guard let context = command.serving.context else {
            throw PlanningError("A model by its numbers needs a --context.")
        }
        var request = PlanRequest(
            shape: shape, source: "given",
            weights: parameters.map {
                WeightCost(parameters: $0, format: command.serving.weightFormat ?? .f16)
            }, context: context)
        request.hasAllDimensions = isComplete
        request.hasQueryHeads = command.numbers.heads != nil
        request.notes = command.numbers.assumptions
        return try report(request, command)
    }

    private static func unknown(_ name: String) -> PlanningError {
        let known = ModelCatalogue.names
        let near = NearNames.suggestions(
            for: name, among: known + ["exercises"] + ModelStore().names(near: name))
        let meant =
            near.isEmpty
            ? " Known are \(known.joined(separator: ", "))."
            : " Did you mean \(near.joined(separator: ", or "))?"
        return PlanningError(
            "There is no model '\(Terminal.plain(name))', neither here nor known by its "
                + "dimensions.\(meant)")
    }
}
