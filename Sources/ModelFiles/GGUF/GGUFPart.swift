/// One file of a model and where its bytes are.
struct GGUFPart: Sendable {
    let path: String
    let storage: Storage

    enum Storage: Sendable {
        case memory([UInt8])
    }

    var byteCount: Int {
        switch storage {
        case .memory(let bytes): bytes.count
        }
    }
}
