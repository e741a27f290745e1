import KVCache
import Planning

extension PlanReport: Encodable {
    private struct Model: Encodable {
        let name: String
        let source: String
        let layers: Int
        let attention: [String]
        let parameters: Int?
        let activeParameters: Int?
        let weightFormat: String?
        let weightBytes: Int?
        let weightBytesReadPerToken: Int?
    }

    private struct KeyValues: Encodable {
        let dtype: String
        let blockSize: Int
        let bytesPerToken: Int
        let scaleBytesPerToken: Int
        let bytesPerSequence: Int
        let scratchBytes: Int
    }

    private struct Activations: Encodable {
        let stepTokens: Int
        let sampledOutputs: Int
        let bytes: Int?
        let layerBytes: Int?
        let logitBytes: Int?
        let textbookBytes: Int?
        let textbookHolds = false
    }

    private struct Machine: Encodable {
        let name: String
        let source: String
        let devices: Int
        let memoryBytes: Int
        let reserveBytes: Int
        let bandwidth: Double?
        let operations: Double?
        let link: Double?
    }

    private struct Room: Encodable {
        let meanTokens: Double
        let keyValueBytes: Int
        let blocks: Int
        let blockBytes: Int
        let longestContext: Int
        let reservedSequences: Int
        let pagedSequences: Int

        init(_ fit: Fit) {
            meanTokens = fit.meanTokens
            keyValueBytes = fit.roomBytes
            blocks = fit.blocks
            blockBytes = fit.blockBytes
            longestContext = fit.longestContext
            reservedSequences = fit.reserved
            pagedSequences = fit.paged
        }
    }

    private struct Point: Encodable {
        let tokens: Int
        let bytes: Double
        let operations: Double
        let operationsPerByte: Double
        let seconds: Double
        let tokensPerSecond: Double
        let bound: String

        init(_ point: Roofline.Point) {
            tokens = point.tokens
            bytes = point.bytes
            operations = point.operations
            operationsPerByte = point.intensity
            seconds = point.seconds
            tokensPerSecond = point.tokensPerSecond
            bound = point.bound.rawValue
        }
    }

    private struct Speed: Encodable {
        let ridge: Double
        let decodeContext: Int
        let prefill: Point
        let decode: [Point]
        let computeBoundBatch: Int?
    }

    private struct Swap: Encodable {
        struct Stretch: Encodable {
            let from: Int
            let to: Int
            let quicker: String
        }

        let tokens: Int
        let bytesOneWay: Int
        let swapSeconds: Double
        let recomputeSeconds: Double
        let breakEvenLink: Double
        let quicker: [Stretch]
    }

    private struct Cost: Encodable {
        let perDay: Double
        let perMillionTokens: Double?
        let tokensPerSecond: Double?
        let measured: Bool
    }

    /// The whole object.
    private struct Whole: Encodable {
        let model: Model
        let context: Int
        let memoryHere: MemoryReport?
        let keyValues: KeyValues
        let activations: Activations
        let machine: Machine?
        let fit: Room?
        let fitByTokens: [Room]
        let speed: Speed?
        let swap: Swap?
        let cost: Cost?
        let notes: [String]
    }

    func encode(to encoder: any Encoder) throws {
        let request = plan.request
        let whole = Whole(
            model: model, context: request.context, memoryHere: here,
            keyValues: KeyValues(
                dtype: request.dtype.rawValue, blockSize: request.blockSize,
                bytesPerToken: plan.keyValues.bytesPerToken,
                scaleBytesPerToken: plan.keyValues.scaleBytesPerToken,
                bytesPerSequence: plan.keyValues.bytesPerSequence,
                scratchBytes: plan.keyValues.scratchBytes),
            activations: Activations(
                stepTokens: request.stepTokens, sampledOutputs: request.stepOutputs,
                bytes: plan.activations?.bytes, layerBytes: plan.activations?.layerBytes,
                logitBytes: plan.activations?.logitBytes,
                textbookBytes: plan.textbookActivations),
            machine: machine, fit: plan.fit.map(Room.init),
            fitByTokens: plan.fitByTokens.map(Room.init), speed: speed, swap: swap, cost: cost,
            notes: plan.notes)
        try whole.encode(to: encoder)
    }

    private var model: Model {
        let shape = plan.request.shape
        var kinds: [String] = []
        for layer in shape.layers where isKindKnown(layer) && !kinds.contains(layer.attention.kind)
        {
            kinds.append(layer.attention.kind)
        }
        return Model(
            name: shape.name, source: plan.request.source, layers: shape.layers.count,
            attention: kinds, parameters: plan.request.weights?.parameters,
            activeParameters: plan.request.hasAllDimensions ? shape.activeParameters : nil,
            weightFormat: plan.request.weights?.format, weightBytes: plan.request.weights?.bytes,
            weightBytesReadPerToken: plan.weightBytesRead)
    }

    private var machine: Machine? {
        plan.request.device.map {
            Machine(
                name: $0.name, source: $0.source, devices: plan.request.devices,
                memoryBytes: $0.memoryBytes, reserveBytes: plan.request.reserveBytes,
                bandwidth: $0.bandwidth, operations: $0.operations, link: $0.link)
        }
    }

    private var speed: Speed? {
        plan.speed.map {
            Speed(
                ridge: $0.ridge, decodeContext: $0.context, prefill: Point($0.prefill),
                decode: $0.decodes.map(Point.init), computeBoundBatch: $0.turningBatch)
        }
    }

    private var swap: Swap? {
        plan.swap.map { swap in
            Swap(
                tokens: swap.tokens, bytesOneWay: swap.bytes, swapSeconds: swap.swapSeconds,
                recomputeSeconds: swap.recomputeSeconds, breakEvenLink: swap.breakEvenLink,
                quicker: swap.stretches.map {
                    .init(
                        from: $0.tokens.lowerBound, to: $0.tokens.upperBound,
                        quicker: $0.swaps ? "swap" : "recompute")
                })
        }
    }

    private var cost: Cost? {
        plan.cost.map {
            Cost(
                perDay: $0.perDay, perMillionTokens: $0.perMillionTokens,
                tokensPerSecond: $0.tokensPerSecond, measured: $0.isMeasured)
        }
    }
}
