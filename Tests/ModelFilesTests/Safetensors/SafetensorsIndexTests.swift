import ModelFiles
import TestSupport
import Testing

/// Models of several files, and what must not be opened.
struct SafetensorsIndexTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for (number, name) in ["a", "b"].enumerated() {
            var file = SafetensorsBytes()
            file.add(name, [2], [Float(number), 1])
            _ = try folder.write("model-0000\(number + 1)-of-00002.safetensors", file.bytes)
        }
    }

    private func index(_ map: String) throws {
        _ = try folder.write(
            "model.safetensors.index.json",
            Array(#"{"metadata":{"total_size":16.0},"weight_map":\#(map)}"#.utf8))
    }

    private func fails(_ code: ModelFileError.Code, _ mention: String) {
        let error = #expect(throws: ModelFileError.self) {
            try SafetensorsFile.open(folder.path)
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.description.contains(mention) == true, "\(String(describing: error))")
    }

    static let right = """
        {"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}
        """

    @Test func `the files of a list are one model`() throws {
        try index(Self.right)
        let list = folder.path("model.safetensors.index.json")
        for file in [try SafetensorsFile.open(folder.path), try .open(list)] {
            #expect(file.tensors.map(\.name) == ["a", "b"])
            #expect(file.paths.count == 2)
            #expect(try file.floats(#require(file.tensor(named: "b"))) == [1, 1])
        }
        #expect(try SafetensorsFile.open(folder.path).identity() != 0)
    }

    @Test(arguments: [
        "../model.safetensors", "/etc/passwd", "a/b.safetensors", #"a\\b.safetensors"#, "..",
        ".hidden.safetensors", "model\\n.safetensors", "model.gguf", "",
    ])
    func `a file outside of the folder, or of another kind, is refused`(name: String) throws {
        try index(#"{"a":"\#(name)"}"#)
        fails(.badPath, "'a'")
    }

    @Test func `wrong lists are refused by what is wrong`() throws {
        try index(#"{"a":"model-00001-of-00003.safetensors"}"#)
        fails(.unreadable, "model-00001-of-00003")
        try index(#"{"a":"model-00002-of-00002.safetensors"}"#)
        fails(.missingTensor, "'a'")
        try index(#"{"c":"model-00002-of-00002.safetensors"}"#)
        fails(.missingTensor, "'c'")
        try index(#"{"a":1}"#)
        fails(.badJSON, "'a'")
        try index("[]")
        fails(.badJSON, "weight_map")
        try index(#"{"a":"x.safetensors","a":"y.safetensors"}"#)
        fails(.duplicateTensor, "'a'")
        try index(Self.right + #","weight_map":{}"#)
        fails(.badJSON, "weight_map")
        try index("{,}")
        fails(.badJSON, "byte")
    }

    @Test func `a tensor that two files have is refused`() throws {
        var file = SafetensorsBytes()
        file.add("a", [1], [1])
        file.add("b", [1], [1])
        _ = try folder.write("model-00002-of-00002.safetensors", file.bytes)
        try index(Self.right)
        fails(.duplicateTensor, "'a'")
    }

    @Test(arguments: ["pytorch_model.bin", "consolidated.00.pth", "model.pt", "X.CKPT", "m.pkl"])
    func `a pickle file is refused by name and never read`(name: String) throws {
        let path = try folder.write(name, [0x80, 4])
        fails(.pickle, name)
        #expect(throws: ModelFileError.self) { try SafetensorsFile.open(path) }
        try index(#"{"a":"\#(name)"}"#)
        fails(.pickle, name)
    }

    @Test func `a folder without weights says what it lacks`() throws {
        fails(.unreadable, "model.safetensors.index.json")
    }

    @Test func `a whole file comes before a list`() throws {
        var file = SafetensorsBytes()
        file.add("whole", [1], [1])
        _ = try folder.write("model.safetensors", file.bytes)
        try index(Self.right)
        #expect(try SafetensorsFile.open(folder.path).tensors.map(\.name) == ["whole"])
    }
}
