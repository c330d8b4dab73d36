/// What is measured, in its order.
package enum BenchPlan {
    /// The points for up to `threads` threads. The first question is what a lock that a file's faults share
    /// costs: one file against a file each. The second is what an extent operation beside costs faults that
    /// have nothing to do with it.
    package static func points(threads most: Int) -> [BenchPoint] {
        var counts = [1]
        while counts.last! * 2 <= most { counts.append(counts.last! * 2) }
        var points: [BenchPoint] = []
        for path in FaultPath.allCases {
            points.append(BenchPoint(path))
            for threads in counts.dropFirst() {
                for sharing in Sharing.allCases {
                    points.append(BenchPoint(path, threads: threads, sharing))
                }
            }
        }
        for path in [FaultPath.readHole, .readData, .writeData] {
            points.append(BenchPoint(path, .pmd))
        }
        for path in [FaultPath.readData, .writeHole] {
            for beside in Beside.allCases where beside != .nobody {
                points.append(BenchPoint(path, .pte, threads: 1, .disjoint, beside: beside))
            }
        }
        return points
    }
}
