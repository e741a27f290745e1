import Foundation

extension ForeignModels {
    /// Adds the models of a folder of Ollama's:
    /// `manifests/HOST/NAMESPACE/MODEL/TAG` names blobs by their sums, which lie in `blobs`.
    mutating func addOllama(_ folder: ForeignFolder) {
        for path in folder.files(in: "manifests", depth: 4).regular {
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count == 5 else { continue }
            let place = "\(folder.root)/\(path)"
            guard let data = folder.contents(of: path, atMost: ModelStoreLimits.manifestBytes),
                let manifest = try? JSONDecoder().decode(OllamaManifest.self, from: data)
            else {
                skip(place, "it is no manifest that can be read")
                continue
            }
            let layers = manifest.layers ?? []
            guard let layer = layers.first(where: { $0.mediaType == OllamaManifest.modelType })
            else {
                skip(place, "it names no GGUF file")
                continue
            }
            guard !layers.contains(where: { $0.mediaType == OllamaManifest.adapterType }) else {
                skip(place, "its model is to be run with an adapter")
                continue
            }
            guard let blob = layer.blob, let bytes = folder.byteCount(of: "blobs/\(blob)") else {
                skip(place, "its model file is not there")
                continue
            }
            let name = OllamaManifest.name(Array(parts[1...]))
            // What Ollama understands where no tag is said.
            let bare = name.hasSuffix(":latest") ? [String(name.dropLast(7))] : []
            add(
                ForeignModel(
                    .ollama, short: name, others: bare, path: "\(folder.root)/blobs/\(blob)",
                    byteCount: bytes))
        }
    }
}

/// What a manifest of Ollama's says.
struct OllamaManifest: Decodable {
    static let modelType = "application/vnd.ollama.image.model"
    static let adapterType = "application/vnd.ollama.image.adapter"

    struct Layer: Decodable {
        let mediaType: String
        let digest: String

        /// The name of its file: `sha256-` and 64 digits. Nothing else can name one, whatever the
        /// manifest says.
        var blob: String? {
            guard digest.hasPrefix("sha256:") || digest.hasPrefix("sha256-") else { return nil }
            let sum = digest.dropFirst(7)
            guard SHA256Digest(hexadecimal: sum) != nil else { return nil }
            return "sha256-" + sum
        }
    }

    let layers: [Layer]?

    /// The name as Ollama shows it: without the host and the namespace that are understood.
    ///
    /// - Parameter parts: host, namespace, model, tag.
    static func name(_ parts: [String]) -> String {
        var shown = parts.dropLast()
        if shown.first == "registry.ollama.ai" {
            shown.removeFirst()
            if shown.first == "library" { shown.removeFirst() }
        }
        return shown.joined(separator: "/") + ":" + parts[parts.count - 1]
    }
}
