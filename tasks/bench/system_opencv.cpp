// The system's OpenCV for the preprocessing bench, spoken to like preprocessing.py: answers each line
// {"from": file, "to": file, "side": pixels, "out": file} of JSON with {"ms": milliseconds} of
// DualTVL1OpticalFlow with its defaults between two 8-bit images, and writes u and v interleaved. The
// argument is the package's version.
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/optflow.hpp>

static cv::Mat read_image(const std::string &path, int side) {
  cv::Mat image(side, side, CV_8U);
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char *>(image.data), image.total());
  return image;
}

int main(int argc, char **argv) {
  cv::setNumThreads(1);
  std::cout << "{\"library\": \"OpenCV " << cv::getVersionString() << " of the system";
  if (argc > 1 && argv[1][0] != '\0') std::cout << " (package " << argv[1] << ")";
  std::cout << "\"}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const cv::FileStorage job(line, cv::FileStorage::READ | cv::FileStorage::MEMORY |
                                        cv::FileStorage::FORMAT_JSON);
    const int side = static_cast<int>(job["side"]);
    const cv::Mat from = read_image(job["from"].string(), side);
    const cv::Mat to = read_image(job["to"].string(), side);
    cv::Mat_<cv::Point2f> flow;
    // A new object each time: it lowers its own number of scales for good.
    const auto tvl1 = cv::optflow::DualTVL1OpticalFlow::create();
    const auto start = std::chrono::steady_clock::now();
    tvl1->calc(from, to, flow);
    const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - start;
    std::ofstream(job["out"].string(), std::ios::binary)
        .write(reinterpret_cast<const char *>(flow.data), flow.total() * flow.elemSize());
    std::cout << "{\"ms\": " << ms.count() << "}" << std::endl;
  }
}
