import Tensors

/// What became of the file that keeps a model's packed weights.
package enum RepackCache: Hashable, Sendable {
    /// The weights are mapped from it: nothing was packed.
    case mapped
    /// The weights were packed and it was written. What was wrong with the file that was there, if
    /// one was, to be put after its name.
    case written(insteadOf: String?)
    /// The weights were packed, and it was not written: why.
    case failed(String)
    /// There is nothing to keep: the machine's kernels read the model's file as it is.
    case needless
}

extension CPUModel {
    /// The matrices of a model, packed.
    struct Packed {
        var layers: [LayerWeights]
        var output: WeightMatrix
        var layerInputs: LayerInputWeights?
        /// Whether the matrices of experts that tokens choose stay in the file.
        var leavesExperts = false
        /// Bytes of the panels.
        var byteCount = 0
        /// What became of the file of packed weights, where one was asked for.
        var cache: RepackCache?
    }

    /// Packs matrices for products with bytes, if the machine's level packs, or maps them from a
    /// file that has them packed.
    ///
    /// The model file's pages are given back as they are read, so the memory in use is never that
    /// of both. The embedding stays in the file: a token reads one row of it.
    ///
    /// - Parameters:
    ///   - matrices: As the model's file has them.
    ///   - path: Of the file of packed weights; nil: none.
    ///   - revision: Stands for the model's files.
    ///   - threads: Threads that pack.
    /// - Throws: `ModelError.outOfMemory`, and what `revision` throws.
    static func pack(
        _ matrices: Packed, cachedAt path: String?, revision: () throws(ModelError) -> UInt64,
        threads: Int
    ) throws(ModelError) -> Packed {
        var packed = matrices
        packed.byteCount = packed.matrices.reduce(0) { $0 + ($1.packedByteCount ?? 0) }
        guard packed.byteCount > 0 else {
            packed.cache = path == nil ? nil : .needless
            return packed
        }
        let compute = Compute(pool: WorkerPool(threads: threads))
        guard let path else {
            _ = try packed.pack(by: compute)
            return packed
        }
        let identity: PanelFile.Identity
        do {
            identity = PanelFile.Identity(
                model: try revision(), packing: try compute.packingFingerprint(),
                byteCount: packed.byteCount)
        } catch let error as TensorError {
            throw ModelError(.outOfMemory, error.message)
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.outOfMemory, "\(error)")
        }
        var fault: String?
        switch PanelFile.open(path, identity, pool: compute.pool) {
        case .panels(let memory):
            packed.attach(memory)
            packed.cache = .mapped
            return packed
        case .nothing: break
        case .useless(let reason): fault = reason
        }
        let memory = try packed.pack(by: compute)
        do {
            try save(memory, identity, at: path, pool: compute.pool)
            packed.cache = .written(insteadOf: fault)
        } catch {
            packed.cache = .failed(error.message)
        }
        return packed
    }

    /// Writes a file beside the path and moves it there when it is whole, so that neither a crash
    /// nor another process that does the same leaves anything by half.
    private static func save(
        _ panels: PanelMemory, _ identity: PanelFile.Identity, at path: String, pool: WorkerPool
    ) throws(TensorError) {
        let file = try LockedFile(path: path + ".partial")
        guard file.isInPlace else {
            throw TensorError(.fileInUse, "another process has just written \(path)")
        }
        do {
            try PanelFile.write(panels, identity, to: file, pool: pool)
            try file.replaceFile(at: path)
        } catch {
            file.remove()
            throw error
        }
    }
}

extension CPUModel.Packed {
    /// The matrices that are packed, in the order in which a step reads them.
    var matrices: [WeightMatrix] {
        var all: [WeightMatrix] = []
        var copy = self
        copy.forEachMatrix { matrix, _ in all.append(matrix) }
        return all
    }

    /// Packs every matrix into memory of its own.
    mutating func pack(by compute: Compute) throws(ModelError) -> PanelMemory {
        let memory: PanelMemory
        do {
            memory = try PanelMemory(count: byteCount)
        } catch {
            throw ModelError(.outOfMemory, error.message)
        }
        forEachMatrix { matrix, offset in
            matrix = matrix.packed(into: memory, at: offset, by: compute)
        }
        return memory
    }

    /// Gives every matrix the panels that `memory` has.
    mutating func attach(_ memory: PanelMemory) {
        forEachMatrix { matrix, offset in matrix = matrix.packed(lyingIn: memory, at: offset) }
    }

    /// Rounds the matrices that are to be of another format than in the file and have no panels.
    mutating func makeRest(threads: Int?) throws(ModelError) {
        // Experts that stay in the file are rounded on the way, if they have panels.
        func stays(_ matrix: WeightMatrix) -> Bool {
            leavesExperts && matrix.packedByteCount != nil
        }
        var all = self
        all.leavesExperts = false
        guard all.matrices.contains(where: { $0.isRoundedOnDemand && !$0.isPacked }) else { return }
        let pool = WorkerPool(threads: threads ?? WorkerPool.defaultThreads)
        var fault: TensorError?
        all.forEachMatrix { matrix, _ in
            guard fault == nil, !matrix.isPacked, !stays(matrix) else { return }
            do throws(TensorError) {
                matrix = try matrix.made(by: pool)
            } catch {
                fault = error
            }
        }
        if let fault { throw ModelError(.outOfMemory, fault.message) }
        all.leavesExperts = leavesExperts
        self = all
    }

    /// Calls `body` with every matrix that is packed and where its panels begin.
    private mutating func forEachMatrix(_ body: (inout WeightMatrix, Int) -> Void) {
        var offset = 0
        func next(_ matrix: inout WeightMatrix) {
            body(&matrix, offset)
            offset += matrix.packedByteCount ?? 0
        }
        if var inputs = layerInputs {
            next(&inputs.projection)
            layerInputs = inputs
        }
        for index in layers.indices {
            layers[index].forEachMatrix(experts: !leavesExperts, next)
        }
        next(&output)
    }
}
