/// Weights in Python's pickle format, which is a program: to read one is to run it.
enum PickleFiles {
    private static let suffixes = [".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"]

    /// Refuses a file by its name.
    static func refuse(_ path: String) throws(ModelFileError) {
        let name = path.lowercased()
        // What else is called so: `training_args.bin` is a pickle too.
        guard suffixes.contains(where: name.hasSuffix) else { return }
        throw ModelFileError(
            .pickle, path: path,
            "is a pickle file, which can run any program and is never read here; take the model"
                + " in safetensors, or convert it where that may be done")
    }
}
