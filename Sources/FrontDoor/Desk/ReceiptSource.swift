import Attribution

/// Makes receipts. Random bytes are fetched by the block, since asking the kernel for each costs as much as the decision.
struct ReceiptSource {
    private static let bytesPerReceipt = 10
    private static let receiptsPerBlock = 128

    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void
    private var block: [UInt8]
    private var offset: Int

    init(fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
        self.fill = fill
        block = [UInt8](repeating: 0, count: Self.bytesPerReceipt * Self.receiptsPerBlock)
        offset = block.count
    }

    mutating func next(at time: Timestamp) -> Receipt {
        if offset == block.count {
            block.withUnsafeMutableBytes(fill)
            offset = 0
        }
        defer { offset += Self.bytesPerReceipt }
        return block.withUnsafeBytes { bytes in
            Receipt(
                time: time,
                random16: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self),
                random64: bytes.loadUnaligned(fromByteOffset: offset + 2, as: UInt64.self)
            )
        }
    }
}
