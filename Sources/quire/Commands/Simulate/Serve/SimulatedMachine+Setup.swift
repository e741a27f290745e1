import FoundationEssentials
import KVCache
import Planning
import QuireKit
import Scheduling
import Simulation

extension SimulatedMachine {
    /// A service before anybody asks it for something.
    struct Service {
        var layout: CacheLayout
        var costs: any CostModel
        var batch: Int
        var chunk: Int
        /// What is assumed, for a person.
        var assumptions: [String]
    }

    /// The service that the options describe.
    ///
    /// - Parameters:
    ///   - batch: requests that run at once; nil: what is usual.
    ///   - chunk: tokens of a prompt of one step; nil: what is usual.
    func service(batch: Int?, chunk: Int?) throws -> Service {
        guard let costs else { return try analytic(batch: batch ?? 256, chunk: chunk ?? 512) }
        let measured: MeasuredService
        do {
            let bytes = try StandardStreams.bytes(file: costs)
            measured = try JSONDecoder().decode(MeasuredService.self, from: Data(bytes))
            try measured.check()
        } catch let error as ServiceError {
            throw SimulateServeError("\(costs): \(error)")
        } catch let error as DecodingError {
            throw SimulateServeError(
                "\(costs) is no file that quire simulate calibrate wrote: \(Self.words(error))")
        }
        var model = measured.costs
        if let hostTime { model.host = hostTime.seconds }
        let chunk = chunk ?? measured.chunk
        let planner = KVPlanner(
            geometry: measured.geometry,
            dtype: kvDtype ?? measured.kvDtype.flatMap { KVDType(rawValue: $0) } ?? .f16,
            blockSize: blockSize ?? measured.blockSize,
            maxModelLength: context ?? measured.context, maxChunk: chunk)
        return Service(
            layout: try planner.plan(blockCount: (blocks ?? measured.blocks) + 1), costs: model,
            batch: batch ?? measured.batch, chunk: chunk, assumptions: [])
    }

    /// What is wrong with a file, without the decoder's own words for it.
    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is missing or is "
                + "something else"
        default: "it is no JSON"
        }
    }

    /// A service on a machine that is known by its numbers.
    private func analytic(batch: Int, chunk: Int) throws -> Service {
        guard let model, let entry = ModelCatalogue.entry(named: model),
            let device = machine.machine
        else { throw SimulateServeError("There is no such model or machine.") }
        let shape = entry.shape
        let weights = weights ?? .f16
        let dtype = kvDtype ?? .f16
        let length = context ?? shape.contextLength
        var request = PlanRequest(
            shape: shape, source: entry.source,
            weights: WeightCost(parameters: shape.parameters, format: weights), context: length)
        request.dtype = dtype
        request.blockSize = blockSize ?? 16
        request.stepTokens = max(chunk, batch)
        request.stepOutputs = batch
        request.device = device
        request.reserveBytes = machine.reserve?.bytes ?? 0
        let planner = KVPlanner(
            geometry: shape.kvGeometry, dtype: dtype, blockSize: request.blockSize,
            maxModelLength: length, maxChunk: chunk)
        let layout: CacheLayout
        if let blocks {
            layout = try planner.plan(blockCount: blocks + 1)
        } else {
            layout = try planner.plan(budget: ServingPlan(request).fit?.roomBytes ?? 0)
        }
        var costs = try RooflineCosts(
            shape: shape, device: device, weights: weights, dtype: dtype,
            pageBytes: layout.pageBytes, maxStepTokens: max(chunk, batch))
        if let hostTime { costs.host = hostTime.seconds }
        let shares =
            "\(Int(costs.bandwidthShare * 100)) % of the bandwidth and "
            + "\(Int(costs.operationsShare * 100)) % of the operations"
        return Service(
            layout: layout, costs: costs, batch: batch, chunk: chunk,
            assumptions: [
                "Steps take what the data sheet says: kernels are taken to reach \(shares), the "
                    + "host to need \(SimulateServeText.time(costs.host)) between steps."
            ])
    }
}
