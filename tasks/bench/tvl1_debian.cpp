// TV-L1 flow by a system's OpenCV contrib, one thread, for comparison with lib/preprocess/tvl1.ts.
//
// g++ -O2 -I/usr/include/opencv4 tvl1_debian.cpp -o tvl1_debian -lopencv_optflow -lopencv_core
// (Debian: libopencv-contrib-dev)
//
// tvl1_debian WIDTH HEIGHT ROUNDS < two 8-bit images, raw > u and v, raw float32
// It prints the milliseconds of each round on standard error, after one that does not count.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/optflow.hpp>

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: tvl1_debian WIDTH HEIGHT ROUNDS\n"), 2;
  const int width = std::atoi(argv[1]), height = std::atoi(argv[2]), rounds = std::atoi(argv[3]);
  cv::setNumThreads(1);
  cv::Mat from(height, width, CV_8U), to(height, width, CV_8U), flow;
  if (std::fread(from.data, from.total(), 1, stdin) != 1 ||
      std::fread(to.data, to.total(), 1, stdin) != 1) {
    return std::fprintf(stderr, "expected two images of %d×%d bytes\n", width, height), 2;
  }
  for (int i = 0; i <= rounds; i++) {
    const auto start = std::chrono::steady_clock::now();
    // OpenCV lowers nscales for good where an image is small: a solver for each call.
    cv::optflow::createOptFlow_DualTVL1()->calc(from, to, flow);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    if (i > 0) std::fprintf(stderr, "%.3f\n", time.count());
  }
  cv::Mat parts[2];
  cv::split(flow, parts);
  for (const cv::Mat& part : parts) std::fwrite(part.data, sizeof(float), part.total(), stdout);
}
