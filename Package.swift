// swift-tools-version: 6.1

import PackageDescription

/// Language rules that hold in every room (Swift 6 mode comes with the tools version).
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// `make test` compiles like a release, and nothing is measured in a test itself: it is there sooner as it stands.
let unoptimised: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let package = Package(
    name: "porter",
    platforms: [.macOS("26.0")],
    products: [
        .executable(name: "porter", targets: ["porter"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML", "Reloading"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Attribution",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .target(name: "Measures", swiftSettings: strict),
        .target(
            name: "RouteFiles",
            dependencies: [
                "Attribution",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Ledger",
            dependencies: [
                "Attribution",
                "Measures",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Office",
            dependencies: [
                "Attribution",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Subscriptions",
            dependencies: [
                "Attribution", "Ledger", "Office",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(name: "DeploymentKit", dependencies: ["Attribution"], swiftSettings: strict),
        .target(
            name: "FrontDoor",
            dependencies: [
                "Attribution",
                "Measures",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "BackOffice",
            dependencies: [
                "Attribution",
                "DeploymentKit",
                "Ledger",
                "Measures",
                "Office",
                "Subscriptions",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "Probe", dependencies: ["COpenSSL"], swiftSettings: strict),
        .executableTarget(
            name: "porter",
            dependencies: [
                "Attribution", "BackOffice", "DeploymentKit", "FrontDoor", "Ledger", "Measures", "Office", "Probe", "RouteFiles",
                "Subscriptions",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Porter.docc"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "hotpath",
            dependencies: [
                "Attribution", "FrontDoor", "Ledger", "RouteFiles",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/Benchmarks/HotPath",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ledgerfiller",
            dependencies: ["Attribution", "FrontDoor", "Ledger", "Office", "RouteFiles", "SeededRandomness"],
            path: "Tests/Benchmarks/LedgerFiller",
            swiftSettings: strict
        ),
        .target(name: "SeededRandomness", path: "Tests/SeededRandomness", swiftSettings: strict),
        .target(
            name: "KeptLogs", dependencies: [.product(name: "Logging", package: "swift-log")], path: "Tests/KeptLogs",
            swiftSettings: strict),
        .target(name: "RawSockets", path: "Tests/RawSockets", swiftSettings: strict),
        .testTarget(
            name: "AttributionTests",
            dependencies: ["Attribution", "RouteFiles", "SeededRandomness"],
            exclude: ["Cases"],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "RouteFilesTests",
            dependencies: ["RouteFiles", "Attribution", "SeededRandomness"],
            exclude: ["Cases"],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "DeploymentKitTests", dependencies: ["DeploymentKit", "Attribution", "RouteFiles", "SeededRandomness"],
            swiftSettings: strict + unoptimised),
        .testTarget(name: "ProbeTests", dependencies: ["Probe"], swiftSettings: strict + unoptimised),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "Attribution", "KeptLogs", "Measures", "SeededRandomness",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "OfficeTests",
            dependencies: [
                "Office", "Attribution", "SeededRandomness",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "SubscriptionsTests",
            dependencies: [
                "Subscriptions", "Attribution", "KeptLogs", "Ledger", "Office", "SeededRandomness",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "BackOfficeTests",
            dependencies: [
                "Attribution", "BackOffice", "DeploymentKit", "Ledger", "Measures", "Office", "RawSockets", "RouteFiles",
                "Subscriptions", "porter",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict + unoptimised
        ),
        .testTarget(
            name: "FrontDoorTests",
            dependencies: [
                "FrontDoor", "Attribution", "Measures", "RawSockets", "SeededRandomness",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strict + unoptimised
        ),
    ]
)
