#include "results/inflate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace {

/// A stream that is damaged or too large; never leaves this file.
struct Damaged {};

constexpr int k_max_code_bits = 15;

class BitReader {
public:
  explicit BitReader(std::string_view bytes) : m_bytes(bytes) {}

  unsigned bits(int count) {
    while (m_available < count) {
      m_buffer |= static_cast<std::uint32_t>(byte()) << m_available;
      m_available += 8;
    }
    const unsigned value = m_buffer & ((1U << count) - 1U);
    m_buffer >>= count;
    m_available -= count;
    return value;
  }

  void to_byte_boundary() {
    m_buffer = 0;
    m_available = 0;
  }

  unsigned char byte() {
    if (m_next >= m_bytes.size()) {
      throw Damaged();
    }
    return static_cast<unsigned char>(m_bytes[m_next++]);
  }

private:
  std::string_view m_bytes;
  std::size_t m_next = 0;
  std::uint32_t m_buffer = 0;
  int m_available = 0;
};

/// A canonical Huffman code (RFC 1951, 3.2.2), decoded bit by bit from the number of codes of each length.
class Huffman {
public:
  explicit Huffman(const std::vector<int>& lengths) {
    for (const int length : lengths) {
      ++m_counts[static_cast<std::size_t>(length)];
    }
    m_counts[0] = 0;
    std::array<int, k_max_code_bits + 2> offsets{};
    int room = 1;
    for (std::size_t length = 1; length <= k_max_code_bits; ++length) {
      room = room * 2 - m_counts[length];
      if (room < 0) {
        throw Damaged();
      }
      offsets[length + 1] = offsets[length] + m_counts[length];
    }
    m_symbols.resize(lengths.size());
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] > 0) {
        m_symbols[static_cast<std::size_t>(offsets[static_cast<std::size_t>(lengths[symbol])]++)] =
            static_cast<int>(symbol);
      }
    }
  }

  int decode(BitReader& reader) const {
    int code = 0;
    int first = 0;
    int index = 0;
    for (std::size_t length = 1; length <= k_max_code_bits; ++length) {
      code |= static_cast<int>(reader.bits(1));
      const int count = m_counts[length];
      if (code - first < count) {
        return m_symbols[static_cast<std::size_t>(index + code - first)];
      }
      index += count;
      first = (first + count) * 2;
      code *= 2;
    }
    throw Damaged();
  }

private:
  std::array<int, k_max_code_bits + 1> m_counts{};
  std::vector<int> m_symbols;
};

class Inflater {
public:
  Inflater(std::string_view stream, std::size_t limit) : m_reader(stream), m_limit(limit) {}

  std::string run() {
    const unsigned method = m_reader.byte();
    const unsigned flags = m_reader.byte();
    constexpr unsigned k_dictionary = 0x20;
    if ((method & 0x0FU) != 8 || (method * 256 + flags) % 31 != 0 || (flags & k_dictionary) != 0) {
      throw Damaged();
    }
    bool last = false;
    while (!last) {
      last = m_reader.bits(1) == 1;
      switch (m_reader.bits(2)) {
      case 0:
        stored();
        break;
      case 1:
        fixed();
        break;
      case 2:
        dynamic();
        break;
      default:
        throw Damaged();
      }
    }
    m_reader.to_byte_boundary();
    std::uint32_t checksum = 0;
    for (int i = 0; i < 4; ++i) {
      checksum = checksum << 8U | m_reader.byte();
    }
    if (checksum != adler32()) {
      throw Damaged();
    }
    return std::move(m_out);
  }

private:
  void put(char c) {
    if (m_out.size() >= m_limit) {
      throw Damaged();
    }
    m_out += c;
  }

  void stored() {
    m_reader.to_byte_boundary();
    const unsigned length = m_reader.bits(16);
    if ((length ^ m_reader.bits(16)) != 0xFFFFU) {
      throw Damaged();
    }
    for (unsigned i = 0; i < length; ++i) {
      put(static_cast<char>(m_reader.byte()));
    }
  }

  void fixed() {
    std::vector<int> lengths(288, 8);
    std::fill(lengths.begin() + 144, lengths.begin() + 256, 9);
    std::fill(lengths.begin() + 256, lengths.begin() + 280, 7);
    block(Huffman(lengths), Huffman(std::vector<int>(30, 5)));
  }

  void dynamic() {
    const std::size_t literals = m_reader.bits(5) + 257;
    const std::size_t distances = m_reader.bits(5) + 1;
    const std::size_t meta = m_reader.bits(4) + 4;
    constexpr std::array<std::size_t, 19> k_order{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                  11, 4,  12, 3, 13, 2, 14, 1, 15};
    std::vector<int> meta_lengths(k_order.size(), 0);
    for (std::size_t i = 0; i < meta; ++i) {
      meta_lengths[k_order[i]] = static_cast<int>(m_reader.bits(3));
    }
    const Huffman code(meta_lengths);
    std::vector<int> lengths;
    while (lengths.size() < literals + distances) {
      const int symbol = code.decode(m_reader);
      if (symbol < 16) {
        lengths.push_back(symbol);
      } else if (symbol == 16) {
        if (lengths.empty()) {
          throw Damaged();
        }
        lengths.insert(lengths.end(), m_reader.bits(2) + 3, int{lengths.back()});
      } else {
        lengths.insert(lengths.end(), symbol == 17 ? m_reader.bits(3) + 3 : m_reader.bits(7) + 11, 0);
      }
    }
    if (lengths.size() != literals + distances) {
      throw Damaged();
    }
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(literals);
    block(Huffman({lengths.begin(), middle}), Huffman({middle, lengths.end()}));
  }

  void block(const Huffman& literals, const Huffman& distances) {
    struct Range {
      int base;
      int extra_bits;
    };

    static constexpr std::array<Range, 29> k_lengths{
        {{3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
         {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
         {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
    static constexpr std::array<Range, 30> k_distances{
        {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},     {9, 2},     {13, 2},
         {17, 3},    {25, 3},    {33, 4},    {49, 4},     {65, 5},     {97, 5},    {129, 6},   {193, 6},
         {257, 7},   {385, 7},   {513, 8},   {769, 8},    {1025, 9},   {1537, 9},  {2049, 10}, {3073, 10},
         {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};
    constexpr int k_end_of_block = 256;
    const auto read = [&](const auto& ranges, int symbol) {
      if (static_cast<std::size_t>(symbol) >= ranges.size()) {
        throw Damaged();
      }
      const Range range = ranges[static_cast<std::size_t>(symbol)];
      return static_cast<std::size_t>(range.base) + m_reader.bits(range.extra_bits);
    };
    for (int symbol = literals.decode(m_reader); symbol != k_end_of_block;
         symbol = literals.decode(m_reader)) {
      if (symbol < k_end_of_block) {
        put(static_cast<char>(symbol));
        continue;
      }
      const std::size_t length = read(k_lengths, symbol - k_end_of_block - 1);
      const std::size_t distance = read(k_distances, distances.decode(m_reader));
      if (distance > m_out.size()) {
        throw Damaged();
      }
      for (std::size_t i = 0; i < length; ++i) {
        put(m_out[m_out.size() - distance]);
      }
    }
  }

  std::uint32_t adler32() const {
    constexpr std::uint32_t k_modulus = 65521;
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char c : m_out) {
      a = (a + static_cast<unsigned char>(c)) % k_modulus;
      b = (b + a) % k_modulus;
    }
    return b << 16U | a;
  }

  BitReader m_reader;
  std::size_t m_limit;
  std::string m_out;
};

} // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int available = 0;
  for (const char c : text) {
    if (c == '=') {
      break;
    }
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      continue;
    }
    const std::size_t digit = k_digits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    buffer = (buffer << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
    available += 6;
    if (available >= 8) {
      available -= 8;
      bytes += static_cast<char>(buffer >> static_cast<unsigned>(available) & 0xFFU);
    }
  }
  return bytes;
}

std::optional<std::string> inflate_zlib(std::string_view stream, std::size_t limit) {
  try {
    return Inflater(stream, limit).run();
  } catch (const Damaged&) {
    return std::nullopt;
  }
}

} // namespace ctest_matrix
