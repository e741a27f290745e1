import KVCache
import ModelFiles
import ModelStore
import Planning
import QuireKit
import QuireModels

/// A model that is on this machine.
struct PlanModelHere {
    /// What it was called.
    let name: String
    /// Its file.
    let path: String

    /// The model of a name or a path; nil: it is not here, and may be known by its dimensions.
    static func find(_ name: String) throws -> PlanModelHere? {
        do throws(ModelStoreError) {
            if let path = try ModelStore().find(name).path { return .init(name: name, path: path) }
            guard ModelCatalogue.entry(named: name) == nil else { return nil }
        } catch {
            guard error.code == .notFound else { throw error }
            let isPath = name.contains("/") || name.lowercased().hasSuffix(".gguf")
            guard name == ModelLocation.demo || isPath else { return nil }
        }
        // The demo model, or the error that says how to bring a model.
        return .init(name: name, path: try ModelLocation.path(of: name))
    }

    /// Its plan: for this machine the engine's own sum, for another that of its file's weights.
    func report(_ command: PlanModelCommand) throws -> PlanReport {
        guard command.serving.weightFormat == nil else {
            throw PlanningError(
                "--weights: the file of '\(Terminal.plain(name))' has its own formats; plan the "
                    + "model by its numbers for others.")
        }
        let file = try ModelFile.open(path)
        let shape = try shape(of: file)
        let summary = ModelSummary(file)
        var request = PlanRequest(
            shape: shape, source: Terminal.plain(path),
            weights: WeightCost(
                parameters: summary.parameterCount, bytes: summary.byteCount,
                format: summary.quantization),
            context: command.serving.context ?? shape.contextLength)
        guard !command.machine.isGiven else { return try PlanModel.report(request, command) }
        let elsewhere = [
            ("--devices", command.machine.devices != nil),
            ("--reserve", command.machine.reserve != nil),
        ].filter(\.1).map(\.0)
        guard elsewhere.isEmpty else {
            throw PlanningError(
                "\(elsewhere.joined(separator: ", ")): this machine is one, and its engine leaves "
                    + "room by itself. For another give --device, or --memory.")
        }
        let batch = command.serving.batch ?? ModelOptions().batch
        let forecast = try MemoryForecast.of(name, options(command, batch: batch))
        request.context = forecast.contextLength
        try command.serving.apply(to: &request)
        request.stepOutputs = batch
        request.roomBytes = forecast.layout.residentBytes
        request.device = command.machine.withSpeeds(
            Device(
                name: "here", title: "this machine", memoryBytes: max(1, forecast.available),
                source: "the memory that is free now"))
        return PlanReport(
            try ServingPlan(request), here: MemoryReport(forecast, batch: batch), command: command)
    }

    /// The engine's options for what a command says.
    private func options(_ command: PlanModelCommand, batch: Int) -> ModelOptions {
        var options = ModelOptions()
        options.context = command.serving.context
        options.kvDType = command.serving.kvDtype
        options.blockSize = command.serving.blockSize
        options.chunk = command.serving.chunk
        options.batch = batch
        return options
    }

    /// Its dimensions, as the loader reads them.
    private func shape(of file: any ModelDescription) throws -> ModelShape {
        let c = try ModelConfiguration(file)
        var shape = ModelShape(
            name: c.name ?? name,
            layers: zip(c.spans, c.layerSizes).map { span, sizes in
                LayerShape(
                    span: span, attention: attention(sizes), feedForward: feedForward(sizes),
                    vectors: 0)
            },
            hidden: c.embeddingLength, vocabulary: c.vocabularySize,
            isTied: !file.hasTensor("output.weight"), vectors: 0,
            contextLength: c.contextLength)
        // Norms and biases, whatever the architecture has of them: the rest of the file's weights.
        let rest = ModelSummary(file).parameterCount - shape.parameters
        shape.vectors = max(0, rest)
        return shape
    }

    private func attention(_ sizes: LayerSizes) -> AttentionShape {
        guard let latent = sizes.latent else {
            return .heads(
                AttentionHeads(
                    query: sizes.headCount, keyValue: sizes.kvHeadCount,
                    dimension: sizes.headDimension))
        }
        return .latent(
            LatentAttention(
                query: sizes.headCount, queryRank: latent.queryRank, rank: latent.rank,
                plain: latent.plain, rope: latent.rotated, value: latent.value))
    }

    private func feedForward(_ sizes: LayerSizes) -> FeedForwardShape {
        guard let experts = sizes.experts else {
            return .dense(width: sizes.feedForwardLength, isGated: sizes.isGated)
        }
        return .experts(
            .init(
                count: experts.count, used: experts.chosen, width: experts.width,
                sharedWidth: experts.sharedWidth))
    }
}
