import Testing

/// The import graph is the declared graph, and the declared graph is the floor plan.
struct ImportGraphTests {
    /// What each module may know (ARCHITECTURE.md). A module that is missing here is a leaf.
    static let floorPlan: [String: Set<String>] = [
        "CKernels": [],
        "QuireIdentifiers": [],
        "QuireJSON": [],
        "QuireThreads": [],
        "Patterns": [],
        "Tensors": ["CKernels"],
        "ModelFiles": ["QuireJSON", "Tensors"],
        "ModelStore": ["ModelFiles", "AsyncHTTPClient", "NIOCore", "NIOHTTP1"],
        "Tokenization": ["QuireIdentifiers", "QuireJSON", "Patterns", "ModelFiles"],
        "KVCache": ["QuireIdentifiers"],
        "Scheduling": ["QuireIdentifiers", "KVCache", "DequeModule"],
        "QuireModels": [
            "QuireIdentifiers", "QuireThreads", "Tensors", "ModelFiles", "KVCache", "Scheduling",
        ],
        "QuireEngine": [
            "QuireIdentifiers", "Tensors", "KVCache", "Scheduling", "Tokenization", "QuireThreads",
        ],
        "ChatTemplates": ["QuireJSON"],
        "Conversation": [
            "QuireIdentifiers", "QuireJSON", "Tokenization", "ChatTemplates", "Scheduling",
            "QuireEngine",
        ],
        "QuireKit": [
            "QuireIdentifiers", "Tensors", "ModelFiles", "ModelStore", "Tokenization", "KVCache",
            "Scheduling", "QuireModels", "QuireEngine",
        ],
        "Serving": [
            "QuireKit", "QuireIdentifiers", "QuireJSON", "ModelStore", "Tokenization",
            "Scheduling", "QuireEngine", "Conversation", "Hummingbird", "HummingbirdCore",
            "HummingbirdTLS", "HTTPTypes", "Logging", "NIOCore", "NIOHTTPTypes", "NIOPosix",
            "NIOSSL", "ServiceLifecycle",
        ],
        "Reporting": [],
        "Planning": ["KVCache"],
        "Simulation": [
            "QuireIdentifiers", "QuireJSON", "Tensors", "KVCache", "Scheduling", "Tokenization",
            "QuireEngine", "Planning",
        ],
        "quire": [
            "Planning", "Simulation", "Reporting",
            "QuireKit", "Conversation", "ChatTemplates", "Serving", "Logging", "NIOSSL",
            "QuireIdentifiers", "QuireJSON", "Tensors", "ModelFiles", "ModelStore", "Tokenization",
            "KVCache", "Scheduling", "QuireModels", "QuireEngine", "ArgumentParser",
        ],
    ]

    /// Modules that come with the toolchain.
    static let toolchain: Set<String> = [
        "Swift", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc",
        "Musl", "Darwin",
        "Testing",
    ]

    /// What Package.swift declares: target name to the names of its dependencies.
    static func declared() throws -> [String: Set<String>] {
        var graph: [String: Set<String>] = [:]
        // A target begins at its `name:`; everything in quotes up to the next target that is
        // not a package, a path or a flag is a dependency.
        let text = try Repository.text("Package.swift")
        for part in text.split(separator: "arget(").dropFirst() {
            let quoted = part.matches(of: /(name: |package: |path: |url: |copy\()?"([^"]*)"/)
            guard let name = quoted.first?.output.2 else { continue }
            var names: Set<String> = []
            for match in quoted.dropFirst() {
                let label = match.output.1.map(String.init) ?? ""
                let value = String(match.output.2)
                let isFlag = value.hasPrefix("-") || value.contains("/") || value.contains(".")
                if label == "" && !isFlag || label == "name: " { names.insert(value) }
            }
            graph[String(name)] = names
        }
        return graph
    }

    @Test func `the manifest declares the floor plan`() throws {
        let declared = try Self.declared()
        for (module, allowed) in Self.floorPlan {
            let names = try #require(declared[module], "\(module) is not in Package.swift")
            #expect(names == allowed, "\(module)")
        }
        let folders = Set(Repository.swiftSources.map(Repository.module)).union(["CKernels"])
        #expect(folders == Set(Self.floorPlan.keys))
    }

    @Test func `modules import what they declare, all of it and nothing else`() throws {
        var imported: [String: Set<String>] = [:]
        for path in Repository.swiftSources {
            let code = CodeText(try Repository.text(path))
            for line in code.lines {
                guard let match = line.firstMatch(of: /^(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)/)
                else { continue }
                imported[Repository.module(of: path), default: []].insert(String(match.output.1))
            }
        }
        for (module, names) in imported {
            let allowed = Self.floorPlan[module] ?? []
            let outside = names.subtracting(Self.toolchain)
            #expect(outside.isSubset(of: allowed), "\(module) imports \(outside.sorted())")
            let unused = allowed.subtracting(outside).sorted()
            #expect(unused.isEmpty, "\(module) declares but never imports \(unused)")
        }
    }
}
