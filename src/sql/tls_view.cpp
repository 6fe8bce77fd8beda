#include "sql/tls_view.h"

#include <array>
#include <memory>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tenon::sql {

namespace {

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    free(value);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

std::string last_error() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  if (code == 0) return "the server closed the connection";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

std::string one_line(const X509_NAME* name) {
  const std::unique_ptr<BIO, Freed<BIO_free>> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

bool names(X509* certificate, const std::string& host) {
  std::array<unsigned char, 16> address{};
  const bool numeric = inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                       inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  return numeric ? X509_check_ip_asc(certificate, host.c_str(), 0) == 1
                 : X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1;
}

TlsView view_of(SSL* ssl, const std::string& host) {
  TlsView view{.version = SSL_get_version(ssl)};
  if (const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl); chain != nullptr)
    for (int i = 0; i < sk_X509_num(chain); ++i) {
      const X509* each = sk_X509_value(chain, i);
      view.chain.push_back({.subject = one_line(X509_get_subject_name(each)),
                            .issuer = one_line(X509_get_issuer_name(each)),
                            .begins = time_of(X509_get0_notBefore(each)),
                            .ends = time_of(X509_get0_notAfter(each))});
    }
  if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
    view.distrust = X509_verify_cert_error_string(verdict);
  if (X509* own = SSL_get0_peer_certificate(ssl); own != nullptr) view.names_host = names(own, host);
  return view;
}

}  // namespace

std::expected<TlsView, std::string> look_at_tls(int socket, const std::string& host,
                                                const std::string& authority_file) {
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) return std::unexpected(last_error());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  std::string no_authorities;
  if (SSL_CTX_load_verify_file(context.get(), authority_file.c_str()) != 1) {
    no_authorities = "the authorities' file " + authority_file + " cannot be read";
    ERR_clear_error();
  }
  const Session ssl(SSL_new(context.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) return std::unexpected(last_error());
  std::array<unsigned char, 16> address{};
  const bool numeric = inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                       inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  if (!numeric) SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  if (SSL_connect(ssl.get()) != 1) return std::unexpected(last_error());
  TlsView view = view_of(ssl.get(), host);
  if (!no_authorities.empty()) view.distrust = no_authorities;
  return view;
}

}  // namespace tenon::sql
