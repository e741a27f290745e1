import ModelFiles

/// The names of what was read of a file while a model was made of it.
///
/// A class, because the readers of hyper-parameters and of tensors write to one list.
final class ReadLog {
    /// Full keys of hyper-parameters.
    private(set) var keys: Set<String> = []
    /// Names of tensors.
    private(set) var tensors: Set<String> = []

    /// Notes that a hyper-parameter was looked at.
    func note(key: String) { keys.insert(key) }

    /// Notes that a tensor was looked at.
    func note(tensor: String) { tensors.insert(tensor) }

    /// Notes all tensors of a layer that changes no answer.
    func noteLayer(_ layer: Int, of source: any ModelSource) {
        tensors.formUnion(source.tensorNames.filter { $0.hasPrefix("blk.\(layer).") })
    }
}
