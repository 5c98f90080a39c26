internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A password as it is kept: hashed with scrypt (RFC 7914), written as `$scrypt$ln=15,r=8,p=3$SALT$HASH` in base64.
///
/// The costs stand in the text, so that they can be raised and old hashes still be verified.
package struct PasswordHash: Equatable, Sendable {
    package let text: String

    /// 2 to the power of 15, blocks of 8 and 3 times: 32 MiB, as strong as the first recommendation of the OWASP Password
    /// Storage Cheat Sheet, which takes 128 MiB.
    private static let costs = Costs(logarithm: 15, blockSize: 8, parallelism: 3)
    /// What a text from the file may ask for at most: a damaged one must not take the machine's memory.
    private static let maximumLogarithm = 20
    private static let saltBytes = 16
    private static let hashBytes = 32

    private struct Costs: Equatable {
        let logarithm: Int
        let blockSize: Int
        let parallelism: Int

        func hash(_ password: String, salt: [UInt8]) throws -> SymmetricKey {
            try KDF.Scrypt.deriveKey(
                from: Array(password.utf8), salt: salt, outputByteCount: PasswordHash.hashBytes, rounds: 1 << logarithm,
                blockSize: blockSize, parallelism: parallelism)
        }
    }

    package init(text: String) {
        self.text = text
    }

    /// Hashes a password with a salt of its own; takes some hundred milliseconds.
    package static func make(of password: String) throws -> PasswordHash {
        let salt = SymmetricKey(size: SymmetricKeySize(bitCount: saltBytes * 8)).withUnsafeBytes { Array($0) }
        let hash = try costs.hash(password, salt: salt).withUnsafeBytes { Array($0) }
        return PasswordHash(
            text: "$scrypt$ln=\(costs.logarithm),r=\(costs.blockSize),p=\(costs.parallelism)"
                + "$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())")
    }

    /// Whether it is the hash of the password; takes as long as ``make(of:)``, in whichever case.
    package func verify(_ password: String) -> Bool {
        let parts = text.split(separator: "$").map(String.init)
        guard parts.count == 4, parts[0] == "scrypt", let costs = Self.costs(parts[1]),
            let salt = Data(base64Encoded: parts[2]), let hash = Data(base64Encoded: parts[3]), hash.count == Self.hashBytes,
            let found = try? costs.hash(password, salt: Array(salt))
        else { return false }
        // The library compares keys in constant time.
        return found == SymmetricKey(data: hash)
    }

    /// Costs as much time as verifying a password: who guesses names must not learn which exist.
    package static func pretendToVerify(_ password: String) {
        _ = try? costs.hash(password, salt: [UInt8](repeating: 0, count: saltBytes))
    }

    private static func costs(_ text: String) -> Costs? {
        var values: [Substring: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let value = Int(pair[1]) else { return nil }
            values[pair[0]] = value
        }
        guard let logarithm = values["ln"], (1...maximumLogarithm).contains(logarithm), let blockSize = values["r"],
            (1...32).contains(blockSize), let parallelism = values["p"], (1...16).contains(parallelism)
        else { return nil }
        return Costs(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
    }
}
